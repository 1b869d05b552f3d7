import 'server-only'

import { setLetter, type Bodies } from './letterhead'

/** What an invitation says. `path` is the link's path. */
type Invitation = {
  readonly organizationName: string
  readonly inviterName: string
  readonly roleLabel: string
  readonly path: string
  readonly days: number
}

/** The letter that invites somebody to an organization. Names are cut to one line: they were typed by people. */
export function invitationLetter(invitation: Invitation): Bodies & { readonly subject: string } {
  const organization = oneLine(invitation.organizationName)
  const inviter = oneLine(invitation.inviterName)
  return {
    subject: `${inviter} invited you to ${organization}`,
    ...setLetter({
      heading: `Join ${organization} on Purser`,
      paragraphs: [
        `${inviter} invited you to ${organization} as ${invitation.roleLabel}.`,
        'There you see the balance, what was spent and why.',
      ],
      button: { label: 'See the invitation', path: invitation.path },
      footnotes: [
        `The invitation works once, within ${invitation.days} days, for this e-mail address only.`,
        'You do not know the sender? Then ignore this e-mail.',
      ],
    }),
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 120)
}
