-- TENANT runs: metered sessions that are billed while they last; CONTROL whose they are.
-- CreateTable
CREATE TABLE "run" (
    "account_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "external_id" TEXT NOT NULL,
    "body_hash" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "meter" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "resource" TEXT,
    "model" TEXT,
    "member" TEXT,
    "key_label" TEXT,
    "dimensions" JSONB NOT NULL,
    "timeout_seconds" INTEGER,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ready_at" TIMESTAMPTZ(3),
    "stopped_at" TIMESTAMPTZ(3),
    "stop_reason" TEXT,
    "pause_reason" TEXT,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "alive_at" TIMESTAMPTZ(3) NOT NULL,
    "heard_at" TIMESTAMPTZ(3) NOT NULL,
    "span_start" TIMESTAMPTZ(3),
    "span_end" TIMESTAMPTZ(3),
    "ran_before_ms" BIGINT NOT NULL DEFAULT 0,
    "billed_units" BIGINT NOT NULL DEFAULT 0,
    "asset_code" TEXT NOT NULL,
    "scale" SMALLINT NOT NULL,
    "amount" BIGINT NOT NULL DEFAULT 0,
    "wallet_id" UUID,
    "debt_since" TIMESTAMPTZ(3),
    "settle_asked_at" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "run_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "run_owner" (
    "run_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "external_id" TEXT NOT NULL,

    CONSTRAINT "run_owner_pkey" PRIMARY KEY ("run_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "run_external_id" ON "run"("account_id", "external_id");

-- CreateIndex
CREATE INDEX "run_owner_external_id" ON "run_owner"("external_id");

-- From here on: what Prisma cannot say.
ALTER TABLE run ADD CONSTRAINT run_status_known CHECK (status IN ('cold', 'running', 'paused', 'stopped'));
ALTER TABLE run ADD CONSTRAINT run_unit_known CHECK (unit IN ('second', 'hour'));
ALTER TABLE run ADD CONSTRAINT run_stop_reason_known CHECK (stop_reason IN ('requested', 'insufficient_credits', 'spend_limit_exceeded', 'silent'));
ALTER TABLE run ADD CONSTRAINT run_pause_reason_known CHECK (pause_reason IN ('requested', 'insufficient_credits'));
ALTER TABLE run ADD CONSTRAINT run_stopped_whole CHECK ((status = 'stopped') = (stopped_at IS NOT NULL) AND (status = 'stopped') = (stop_reason IS NOT NULL));
ALTER TABLE run ADD CONSTRAINT run_paused_whole CHECK ((status = 'paused') = (pause_reason IS NOT NULL));
ALTER TABLE run ADD CONSTRAINT run_ready_whole CHECK ((ready_at IS NULL) = (span_start IS NULL) AND (status <> 'running' OR span_start IS NOT NULL));
ALTER TABLE run ADD CONSTRAINT run_span_end CHECK (span_end >= span_start);
ALTER TABLE run ADD CONSTRAINT run_not_negative CHECK (ran_before_ms >= 0 AND billed_units >= 0 AND amount >= 0);

-- The runs with something to do: those of an account, and those that the sweep looks for.
CREATE INDEX run_due ON run (account_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX run_due_at ON run (due_at) WHERE due_at IS NOT NULL;

-- A row that is updated in place: leave room on the page for it.
ALTER TABLE run SET (fillfactor = 80);

GRANT SELECT, INSERT, UPDATE, DELETE ON run, run_owner TO purser_app;
