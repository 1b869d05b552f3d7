import { Forbidden } from '@/components/ui/forbidden'

/** For members: who can buy instead. */
export function BuyingNotAllowed({ ownerNames }: { readonly ownerNames: readonly string[] }) {
  const names = new Intl.ListFormat('en', { type: 'disjunction' }).format(ownerNames)
  return (
    <Forbidden title="Only owners and admins can buy credits">
      {ownerNames.length === 0 ? 'Ask an owner of your organization.' : `Ask ${names}.`}
    </Forbidden>
  )
}
