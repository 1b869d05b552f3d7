/** The list by itself: a panel that was open is closed. */
export default function NoPanel() {
  return null
}
