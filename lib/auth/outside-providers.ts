import 'server-only'

import type { AuthOptions } from 'next-auth'
import GithubProvider, { type GithubEmail, type GithubProfile } from 'next-auth/providers/github'
import GoogleProvider from 'next-auth/providers/google'

import { env } from '@/lib/env'

const GITHUB_EMAILS = 'https://api.github.com/user/emails'

/** GitHub and Google, where the environment has their client ids and secrets. */
export function outsideProviders(): AuthOptions['providers'] {
  const { GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET, GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET } = env()
  const providers: AuthOptions['providers'] = []
  if (GITHUB_CLIENT_ID !== undefined && GITHUB_CLIENT_SECRET !== undefined) {
    providers.push(github(GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET))
  }
  if (GOOGLE_CLIENT_ID !== undefined && GOOGLE_CLIENT_SECRET !== undefined) {
    providers.push(GoogleProvider({ clientId: GOOGLE_CLIENT_ID, clientSecret: GOOGLE_CLIENT_SECRET }))
  }
  return providers
}

/** GitHub names a primary address whether or not it was verified, so the list of addresses is asked. */
function github(clientId: string, clientSecret: string) {
  return GithubProvider({
    clientId,
    clientSecret,
    userinfo: {
      url: 'https://api.github.com/user',
      request: async ({ client, tokens }) => {
        const accessToken = tokens.access_token ?? ''
        const profile = await client.userinfo<GithubProfile>(accessToken)
        const answer = await fetch(GITHUB_EMAILS, { headers: { authorization: `token ${accessToken}` } })
        const addresses = answer.ok ? ((await answer.json()) as readonly GithubEmail[]) : []
        const verified = addresses.find(({ primary, verified }) => primary && verified)
        return { ...profile, email: verified?.email ?? '', email_verified: verified !== undefined }
      },
    },
  })
}
