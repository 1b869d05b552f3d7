-- CONTROL What was answered to requests with an Idempotency-Key; CONTROL whose a grant is.
CREATE TABLE "idempotency_record" (
    "mode" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "body_hash" TEXT NOT NULL,
    "answer" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_record_pkey" PRIMARY KEY ("mode","route","key")
);

CREATE TABLE "grant_owner" (
    "grant_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,

    CONSTRAINT "grant_owner_pkey" PRIMARY KEY ("grant_id")
);

INSERT INTO "grant_owner" ("grant_id", "account_id") SELECT id, account_id FROM credit_grant;

GRANT SELECT, INSERT, UPDATE, DELETE ON "idempotency_record", "grant_owner" TO purser_app;

-- Readiness asks which migrations were applied; the application may know that much and no more.
GRANT SELECT (migration_name, finished_at, rolled_back_at) ON _prisma_migrations TO purser_app;
