/** A first guess at somebody's name, from the part of their address before the @: `ana.ruiz@…` is "Ana Ruiz". */
export function nameFromEmail(email: string): string {
  const words = email
    .replace(/[+@].*$/s, '')
    .split(/[._-]+/)
    .filter((word) => word !== '')
  return words.length === 0 ? email : words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ')
}
