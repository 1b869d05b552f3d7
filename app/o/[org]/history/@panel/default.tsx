/** No panel is open when a page is opened by its address. */
export default function NoPanel() {
  return null
}
