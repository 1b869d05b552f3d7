/** The box of text fields and selects. 16 px text on touch comes from globals.css. */
export const CONTROL =
  'h-10 w-full rounded-control border border-input-line bg-bg px-3 text-ink placeholder:text-muted aria-invalid:border-danger pointer-coarse:h-11'
