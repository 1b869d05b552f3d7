-- The authorization that a usage entry was captured from.
ALTER TABLE "entry" ADD COLUMN "hold_id" UUID;
