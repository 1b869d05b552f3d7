-- TOOL rate-limiter-flexible counts attempts here. Its statements name no columns, so their order matters. Rows may be lost at any time.
CREATE TABLE "rate_limit" (
    "key" VARCHAR(255) NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("key")
);

CREATE INDEX "rate_limit_expire" ON "rate_limit"("expire");

GRANT SELECT, INSERT, UPDATE, DELETE ON "rate_limit" TO purser_app;
