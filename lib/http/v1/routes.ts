import 'server-only'

import { openApiRoute } from './openapi'
import type { Route } from './route'
import {
  captureRoute,
  createAuthorizationRoute,
  extendRoute,
  getAuthorizationRoute,
  releaseRoute,
} from './routes/authorizations'
import { listAssetsRoute, listMetersRoute, listPricesRoute, putAssetRoute, putMeterRoute } from './routes/catalogue'
import { getContractRoute, putContractRoute } from './routes/contract'
import { createOrganizationRoute } from './routes/create-organization'
import { createPriceRoute } from './routes/create-price'
import { getBalanceRoute } from './routes/get-balance'
import { getEntryRoute } from './routes/get-entry'
import { getOrganizationRoute } from './routes/get-organization'
import { createGrantRoute, getGrantRoute, listGrantsRoute, voidGrantRoute } from './routes/grants'
import { listLimitsRoute, putLimitRoute } from './routes/limits'
import { listEntriesRoute } from './routes/list-entries'
import { listInvoicesRoute } from './routes/list-invoices'
import { changePlanRoute, listPlansRoute, putPlanRoute } from './routes/plans'
import { putMemberRoute } from './routes/put-member'
import { putPolicyRoute } from './routes/put-policy'
import { recordUsageRoute } from './routes/record-usage'
import { recordUsageBatchRoute } from './routes/record-usage-batch'
import { reportUsageRoute } from './routes/report-usage'
import { reverseUsageRoute } from './routes/reverse-usage'
import {
  getRunRoute,
  heartbeatRunRoute,
  pauseRunRoute,
  readyRunRoute,
  resumeRunRoute,
  startRunRoute,
  stopRunRoute,
} from './routes/runs'
import { advanceTestClockRoute, removeTestClockRoute } from './routes/test-clock'

const documented: readonly Route[] = [
  createOrganizationRoute,
  getOrganizationRoute,
  putPolicyRoute,
  getBalanceRoute,
  recordUsageRoute,
  recordUsageBatchRoute,
  createAuthorizationRoute,
  getAuthorizationRoute,
  captureRoute,
  extendRoute,
  releaseRoute,
  reverseUsageRoute,
  reportUsageRoute,
  listEntriesRoute,
  getEntryRoute,
  listInvoicesRoute,
  listLimitsRoute,
  putLimitRoute,
  createGrantRoute,
  getGrantRoute,
  listGrantsRoute,
  voidGrantRoute,
  listAssetsRoute,
  putAssetRoute,
  listMetersRoute,
  putMeterRoute,
  listPricesRoute,
  createPriceRoute,
  advanceTestClockRoute,
  removeTestClockRoute,
  listPlansRoute,
  putPlanRoute,
  changePlanRoute,
  putMemberRoute,
  getContractRoute,
  putContractRoute,
  startRunRoute,
  getRunRoute,
  readyRunRoute,
  heartbeatRunRoute,
  pauseRunRoute,
  resumeRunRoute,
  stopRunRoute,
]

/** Every route of the machine API (api.md, Routes). */
export const routes: readonly Route[] = [...documented, openApiRoute(documented)]
