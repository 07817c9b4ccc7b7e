CREATE TABLE `links_version` (
	`id` integer PRIMARY KEY NOT NULL,
	`version` text NOT NULL
);
--> statement-breakpoint
DROP INDEX `attestations_builder`;--> statement-breakpoint
DROP INDEX `attestations_repository`;--> statement-breakpoint
DROP INDEX `attestations_commit`;--> statement-breakpoint
DROP INDEX `attestations_entry_point`;--> statement-breakpoint
CREATE INDEX `attestations_built_by` ON `attestations` ((facts ->> '$.builder.value'),`bundle_id`);--> statement-breakpoint
CREATE INDEX `attestations_built_from` ON `attestations` ((facts ->> '$.repository.value'),`bundle_id`);--> statement-breakpoint
CREATE INDEX `attestations_built_at` ON `attestations` ((facts ->> '$.commit.value'),`bundle_id`);--> statement-breakpoint
CREATE INDEX `attestations_built_with` ON `attestations` ((facts ->> '$.entryPoint.value'),`bundle_id`);--> statement-breakpoint
DROP INDEX `bundles_event`;--> statement-breakpoint
CREATE INDEX `bundles_told` ON `bundles` (`id`,`state`,`signed_at`);--> statement-breakpoint
CREATE INDEX `bundles_event` ON `bundles` (`event_id`,`state`,`version_id`,`id`);--> statement-breakpoint
CREATE INDEX `artifacts_signed` ON `artifacts` (`signed_at`,`kind`);--> statement-breakpoint
CREATE INDEX `links_stated` ON `links` (`bundle_id`,`child_id`,`basis`);--> statement-breakpoint
CREATE INDEX `bundle_subjects_second` ON `bundle_subjects` (`bundle_id`) WHERE position = 1;--> statement-breakpoint
CREATE INDEX `versions_node` ON `versions` (`id`,`artifact_id`);--> statement-breakpoint
INSERT INTO `links_version` (`id`, `version`) VALUES (1, hex(randomblob(8)));--> statement-breakpoint
CREATE TRIGGER `links_inserted` AFTER INSERT ON `links` BEGIN
	UPDATE `links_version` SET `version` = hex(randomblob(8));
END;--> statement-breakpoint
CREATE TRIGGER `links_deleted` AFTER DELETE ON `links` BEGIN
	UPDATE `links_version` SET `version` = hex(randomblob(8));
END;--> statement-breakpoint
CREATE TRIGGER `links_changed` AFTER UPDATE OF `parent_id`, `child_id`, `basis`, `state` ON `links` BEGIN
	UPDATE `links_version` SET `version` = hex(randomblob(8));
END;
