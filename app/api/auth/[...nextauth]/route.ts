import type { NextRequest } from 'next/server'

import { answerAuthRequest } from '@/lib/auth/next-auth'

type Context = { readonly params: Promise<{ readonly nextauth: readonly string[] }> }

async function answer(request: NextRequest, { params }: Context): Promise<Response> {
  return answerAuthRequest(request, (await params).nextauth)
}

export { answer as GET, answer as POST }
