const SENTENCES: Readonly<Record<string, string>> = {
  link: 'This sign-in link was already used or has expired. Ask for a new one.',
  demo: 'The sample data is not there. Run npm run db:seed, then try again.',
  AccessDenied: 'That account has no verified e-mail address. Verify it there, or ask for a sign-in link.',
  OAuthSignin: 'That way of signing in does not answer now. Ask for a sign-in link instead.',
  OAuthCallback: 'That way of signing in was cancelled or did not answer. Try again, or ask for a sign-in link.',
  Callback: 'That way of signing in was cancelled or did not answer. Try again, or ask for a sign-in link.',
  CredentialsSignin: 'This e-mail address and password do not match. Try again, or ask for a sign-in link.',
}

/** Why the last attempt did not work; null when the address names no problem that is known here. */
export function problemSentence(code: unknown): string | null {
  return typeof code === 'string' && Object.hasOwn(SENTENCES, code) ? (SENTENCES[code] ?? null) : null
}
