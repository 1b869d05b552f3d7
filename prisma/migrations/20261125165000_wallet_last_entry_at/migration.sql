-- When the newest entry of a wallet was written: no line of a journal is written before the line above it.
ALTER TABLE "wallet" ADD COLUMN "last_entry_at" TIMESTAMPTZ(3);
