import 'server-only'

import { PrismaPg } from '@prisma/adapter-pg'

import { PrismaClient } from './generated/client'
import { pool } from './pool'

const holder = globalThis as typeof globalThis & { purserPrisma?: PrismaClient }

/** Prisma over the same pool: for everything that is neither money nor hot. Used inside `lib/db` only. */
export function prisma(): PrismaClient {
  holder.purserPrisma ??= new PrismaClient({ adapter: new PrismaPg(pool()) })
  return holder.purserPrisma
}
