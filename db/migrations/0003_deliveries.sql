INSERT INTO `deliveries` (`channel`, `source`, `path`, `size`, `modified_at`, `sha256`, `outcome`, `reason_code`, `reason`, `bundle_id`, `checked_at`)
SELECT 'directory', `source`, `path`, `size`, `modified_at`, `sha256`, `outcome`, `reason_code`, `reason`, `bundle_id`, `checked_at` FROM `source_files`;
--> statement-breakpoint
DROP TABLE `source_files`;
