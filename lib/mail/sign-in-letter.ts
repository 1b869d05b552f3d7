import 'server-only'

import { setLetter, type Bodies } from './letterhead'

/** The letter with a link that signs in once, within the given minutes. `path` is the link's path. */
export function signInLetter(path: string, minutes: number): Bodies & { readonly subject: string } {
  return {
    subject: 'Sign in to Purser',
    ...setLetter({
      heading: 'Sign in to Purser',
      paragraphs: [`Use this link to sign in. It works once, within ${minutes} minutes.`],
      button: { label: 'Sign in', path },
      footnotes: ['You did not ask for this? Then ignore this e-mail. Nobody can sign in without it.'],
    }),
  }
}
