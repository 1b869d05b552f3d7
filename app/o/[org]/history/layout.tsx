/** The list, and beside it the panel with the explanation of the entry that was opened from it. */
export default function HistoryLayout({ children, panel }: LayoutProps<'/o/[org]/history'>) {
  return (
    <>
      {children}
      {panel}
    </>
  )
}
