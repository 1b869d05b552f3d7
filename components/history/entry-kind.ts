import {
  ArrowDownLeft,
  BadgePercent,
  Gift,
  HandCoins,
  Hourglass,
  type LucideIcon,
  RefreshCw,
  RotateCcw,
  ShieldAlert,
  SlidersHorizontal,
  Undo2,
  Zap,
} from 'lucide-react'
import type { EntryKindDto } from '@/lib/analytics/contract'

type KindLook = { readonly label: string; readonly icon: LucideIcon }

/** How each kind of entry is called and drawn. */
export const ENTRY_KIND_LOOKS: Readonly<Record<EntryKindDto, KindLook>> = {
  purchase: { label: 'Purchase', icon: ArrowDownLeft },
  recharge: { label: 'Auto-recharge', icon: RefreshCw },
  grant: { label: 'Grant', icon: Gift },
  coupon: { label: 'Coupon', icon: BadgePercent },
  usage: { label: 'Usage', icon: Zap },
  expiry: { label: 'Expired', icon: Hourglass },
  refund: { label: 'Refund', icon: Undo2 },
  dispute: { label: 'Dispute', icon: ShieldAlert },
  reversal: { label: 'Reversal', icon: RotateCcw },
  adjustment: { label: 'Adjustment', icon: SlidersHorizontal },
  settlement: { label: 'Debt settled', icon: HandCoins },
}
