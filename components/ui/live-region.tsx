/** Says its text to screen readers when it changes, and shows nothing. */
export function LiveRegion({ children }: { readonly children: string }) {
  return (
    <span role="status" className="sr-only">
      {children}
    </span>
  )
}
