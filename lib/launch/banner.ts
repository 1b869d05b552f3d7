import { DEMO_PEOPLE } from '../auth/rules/demo-people'
import type { Stack } from './stack'

/** The usage event that a new user is shown. */
export const EXAMPLE_EVENT = {
  id: 'try-1',
  organization: 'acme',
  meter: 'gpu_m',
  quantity: '25.4',
  resource: 'llama-70b-awq',
} as const

/** What a person needs to start using the product: address, sign-ins, a key and a request to try. */
export function banner({ url, secrets, sandboxUrl }: Stack): string {
  if (sandboxUrl === null) return `\nPurser is at ${url}\n`
  const people = DEMO_PEOPLE.map(({ email, role }) => `    ${email.padEnd(20)} ${role}`)
  return [
    '',
    `  Purser is at ${url}`,
    '',
    `  Sign in with one click, or with the password ${secrets.demoPassword}`,
    ...people,
    '',
    `  Test API key   ${secrets.apiKey ?? ''}`,
    `  Mailbox        ${url}/dev/mailbox`,
    '  Test card      4242 4242 4242 4242, any future date, any CVC',
    '',
    '  Record some usage and watch the balance:',
    '',
    `    curl ${url}/api/v1/usage \\`,
    `      -H 'Authorization: Bearer ${secrets.apiKey ?? ''}' \\`,
    "      -H 'Content-Type: application/json' \\",
    `      -d '${JSON.stringify(EXAMPLE_EVENT)}'`,
    '',
  ].join('\n')
}
