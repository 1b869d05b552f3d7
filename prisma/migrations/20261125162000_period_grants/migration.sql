-- CONTROL contracts, and when plans, Lite allocations and contracts give credits next; TENANT what was given for which period.
-- DropIndex
DROP INDEX "account_member_email";

-- AlterTable
ALTER TABLE "billing_account" ADD COLUMN     "plan_due_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "account_member" ADD COLUMN     "lite_due_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "contract" (
    "account_id" UUID NOT NULL,
    "starts_on" DATE NOT NULL,
    "ends_on" DATE NOT NULL,
    "package_asset" TEXT NOT NULL,
    "package_amount" BIGINT NOT NULL,
    "price_cents" BIGINT NOT NULL,
    "due_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "contract_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "period_grant" (
    "account_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "asset_code" TEXT NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "period_end" TIMESTAMPTZ(3) NOT NULL,
    "granted" BIGINT NOT NULL,
    "times" SMALLINT NOT NULL,
    "grant_ids" UUID[],

    CONSTRAINT "period_grant_pkey" PRIMARY KEY ("account_id","source","subject","asset_code","period_start","period_end")
);

-- CreateIndex
CREATE UNIQUE INDEX "account_member_email" ON "account_member"("account_id", "email");

-- From here on: what Prisma cannot say.
ALTER TABLE contract ADD CONSTRAINT contract_days_in_order CHECK (starts_on <= ends_on);
ALTER TABLE contract ADD CONSTRAINT contract_amount_bounds CHECK (package_amount > 0 AND price_cents >= 0);
ALTER TABLE period_grant ADD CONSTRAINT period_grant_source_known CHECK (source IN ('plan', 'lite', 'contract'));
ALTER TABLE period_grant ADD CONSTRAINT period_grant_span CHECK (period_start < period_end);
ALTER TABLE period_grant ADD CONSTRAINT period_grant_not_negative CHECK (granted >= 0 AND times > 0);

-- What the sweep looks for, in real time and by test clocks.
CREATE INDEX billing_account_plan_due ON billing_account (plan_due_at) WHERE plan_due_at IS NOT NULL;
CREATE INDEX billing_account_plan ON billing_account (mode, plan_key) WHERE plan_key IS NOT NULL;
CREATE INDEX account_member_lite_due ON account_member (lite_due_at) WHERE lite_due_at IS NOT NULL;
CREATE INDEX account_member_lite_due_account ON account_member (account_id, lite_due_at) WHERE lite_due_at IS NOT NULL;
CREATE INDEX contract_due ON contract (due_at) WHERE due_at IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON contract, period_grant TO purser_app;
