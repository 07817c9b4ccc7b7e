CREATE TABLE `tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`sha256` text NOT NULL,
	`start` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`last_used_at` integer,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tokens_name_unique` ON `tokens` (`name`);--> statement-breakpoint
CREATE UNIQUE INDEX `tokens_sha256_unique` ON `tokens` (`sha256`);--> statement-breakpoint
CREATE TABLE `artifact_aliases` (
	`scheme` text NOT NULL,
	`value` text NOT NULL,
	`artifact_id` integer NOT NULL,
	`kind` text NOT NULL,
	`first_seen_at` integer NOT NULL,
	PRIMARY KEY(`scheme`, `value`),
	FOREIGN KEY (`artifact_id`) REFERENCES `artifacts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `artifact_aliases_artifact` ON `artifact_aliases` (`artifact_id`);--> statement-breakpoint
CREATE TABLE `artifacts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`name` text,
	`signature` text DEFAULT 'unknown' NOT NULL,
	`signature_reason` text DEFAULT 'Nothing but a mention of it has been seen.' NOT NULL,
	`signed_at` integer,
	`weakest` text,
	`weakest_link_id` integer,
	`inputs` integer DEFAULT 0 NOT NULL,
	`pinned_inputs` integer DEFAULT 0 NOT NULL,
	`verdict_since` integer NOT NULL,
	`first_seen_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `artifacts_kind` ON `artifacts` (`kind`,`id`);--> statement-breakpoint
CREATE INDEX `artifacts_name` ON `artifacts` (`name`);--> statement-breakpoint
CREATE TABLE `attestations` (
	`bundle_id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`facts` text NOT NULL,
	FOREIGN KEY (`bundle_id`) REFERENCES `bundles`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `attestations_kind` ON `attestations` (`kind`);--> statement-breakpoint
CREATE TABLE `declarations` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`source` text NOT NULL,
	`path` text NOT NULL,
	`kind` text NOT NULL,
	`sha256` text NOT NULL,
	`artifact_id` integer NOT NULL,
	`facts` text NOT NULL,
	`first_seen_at` integer NOT NULL,
	FOREIGN KEY (`artifact_id`) REFERENCES `artifacts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `declarations_path` ON `declarations` (`source`,`path`,`artifact_id`);--> statement-breakpoint
CREATE INDEX `declarations_artifact` ON `declarations` (`artifact_id`);--> statement-breakpoint
CREATE TABLE `links` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`child_id` integer NOT NULL,
	`parent_id` integer NOT NULL,
	`role` text NOT NULL,
	`bundle_id` text,
	`declaration_id` integer,
	`basis` text NOT NULL,
	`position` integer NOT NULL,
	`name` text,
	`uri` text,
	`digests` text NOT NULL,
	`at` text NOT NULL,
	`state` text NOT NULL,
	`reason` text NOT NULL,
	`first_seen_at` integer NOT NULL,
	FOREIGN KEY (`child_id`) REFERENCES `artifacts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`parent_id`) REFERENCES `artifacts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`bundle_id`) REFERENCES `bundles`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`declaration_id`) REFERENCES `declarations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `links_child` ON `links` (`child_id`,`parent_id`,`role`,`state`);--> statement-breakpoint
CREATE INDEX `links_parent` ON `links` (`parent_id`,`child_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `links_bundle` ON `links` (`bundle_id`,`child_id`,`position`);--> statement-breakpoint
CREATE UNIQUE INDEX `links_declaration` ON `links` (`declaration_id`,`child_id`,`position`);--> statement-breakpoint
CREATE TABLE `verdicts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`artifact_id` integer NOT NULL,
	`at` integer NOT NULL,
	`signature` text NOT NULL,
	`weakest` text,
	`reason` text NOT NULL,
	`cause` text NOT NULL,
	FOREIGN KEY (`artifact_id`) REFERENCES `artifacts`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `verdicts_artifact` ON `verdicts` (`artifact_id`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `verdicts_at` ON `verdicts` (`at`);--> statement-breakpoint
CREATE TABLE `findings` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`model_id` text,
	`version_id` text,
	`bundle_id` text,
	`statement` text NOT NULL,
	`evidence` text NOT NULL,
	`first_at` integer NOT NULL,
	`resolved_at` integer
);
--> statement-breakpoint
CREATE INDEX `findings_open` ON `findings` (`resolved_at`,`first_at`);--> statement-breakpoint
CREATE INDEX `findings_listed` ON `findings` (`first_at`,`id`);--> statement-breakpoint
CREATE INDEX `findings_model` ON `findings` (`model_id`,`resolved_at`,`first_at`);--> statement-breakpoint
CREATE TABLE `deliveries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`channel` text NOT NULL,
	`source` text NOT NULL,
	`path` text NOT NULL,
	`size` integer NOT NULL,
	`modified_at` integer NOT NULL,
	`sha256` text,
	`outcome` text NOT NULL,
	`reason_code` text,
	`reason` text,
	`at` text,
	`bundle_id` text,
	`checked_at` integer NOT NULL,
	FOREIGN KEY (`bundle_id`) REFERENCES `bundles`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deliveries_path` ON `deliveries` (`source`,`path`);--> statement-breakpoint
CREATE INDEX `deliveries_outcome` ON `deliveries` (`outcome`,`checked_at`);--> statement-breakpoint
CREATE INDEX `deliveries_sha256` ON `deliveries` (`sha256`);--> statement-breakpoint
CREATE TABLE `index_hits` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`root` text NOT NULL,
	`log_url` text NOT NULL,
	`entry_uuid` text NOT NULL,
	`state` text NOT NULL,
	`reason` text NOT NULL,
	`event_id` text,
	`found_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `index_hits_entry` ON `index_hits` (`root`,`log_url`,`entry_uuid`);--> statement-breakpoint
CREATE INDEX `index_hits_event` ON `index_hits` (`event_id`);--> statement-breakpoint
CREATE TABLE `refused_files` (
	`sha256` text PRIMARY KEY NOT NULL,
	`bytes` blob NOT NULL,
	`code` text NOT NULL,
	`reason` text NOT NULL,
	`at` text,
	`first_seen_at` integer NOT NULL,
	`tried_at` integer NOT NULL,
	`judged_under` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `source_states` (
	`name` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`location` text NOT NULL,
	`last_run_at` integer,
	`last_success_at` integer,
	`error` text,
	`failures` integer DEFAULT 0 NOT NULL,
	`next_run_at` integer,
	`result` text DEFAULT '{}' NOT NULL,
	`memory` text DEFAULT '{}' NOT NULL
);
--> statement-breakpoint
CREATE TABLE `trust_roots` (
	`sha256` text PRIMARY KEY NOT NULL,
	`json` blob NOT NULL,
	`first_used_at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `bundles` ADD `at` text;--> statement-breakpoint
ALTER TABLE `bundles` ADD `judged_under` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `bundles` ADD `method` text DEFAULT 'sigstore' NOT NULL;--> statement-breakpoint
ALTER TABLE `bundles` ADD `key_sha256` text;--> statement-breakpoint
CREATE INDEX `bundles_signer` ON `bundles` (`san`,`issuer`,`state`);--> statement-breakpoint
CREATE INDEX `bundles_state` ON `bundles` (`state`,`judged_under`);--> statement-breakpoint
CREATE INDEX `bundles_listed` ON `bundles` (`state`,`first_seen_at`,`id`);--> statement-breakpoint
ALTER TABLE `models` ADD `newest_version_id` text;--> statement-breakpoint
ALTER TABLE `models` ADD `last_signed_at` integer;--> statement-breakpoint
CREATE INDEX `models_last_signed` ON `models` (`last_signed_at`,`id`);--> statement-breakpoint
ALTER TABLE `versions` ADD `artifact_id` integer REFERENCES artifacts(id);--> statement-breakpoint
ALTER TABLE `versions` ADD `seen_as` text DEFAULT 'signed' NOT NULL;--> statement-breakpoint
ALTER TABLE `versions` ADD `label` text;--> statement-breakpoint
CREATE INDEX `versions_artifact` ON `versions` (`artifact_id`);
