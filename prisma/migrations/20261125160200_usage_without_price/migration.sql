-- A capture by amount is rated by no price.
ALTER TABLE "usage_event" ALTER COLUMN "price_id" DROP NOT NULL;
