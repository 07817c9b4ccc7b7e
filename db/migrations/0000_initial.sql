CREATE TABLE `bundle_subjects` (
	`bundle_id` text NOT NULL,
	`position` integer NOT NULL,
	`name` text NOT NULL,
	`algorithm` text NOT NULL,
	`digest` text NOT NULL,
	PRIMARY KEY(`bundle_id`, `position`, `algorithm`),
	FOREIGN KEY (`bundle_id`) REFERENCES `bundles`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `bundle_subjects_digest` ON `bundle_subjects` (`digest`);--> statement-breakpoint
CREATE TABLE `bundles` (
	`id` text PRIMARY KEY NOT NULL,
	`sha256` text NOT NULL,
	`bytes` blob NOT NULL,
	`media_type` text NOT NULL,
	`content` text NOT NULL,
	`state` text NOT NULL,
	`reason_code` text,
	`reason` text,
	`payload_type` text,
	`predicate_type` text,
	`payload_sha256` text,
	`signed_sha256` text,
	`signed_sha384` text,
	`signed_sha512` text,
	`signature_sha256` text NOT NULL,
	`certificate_sha256` text,
	`leaf_hash` text,
	`log_key_id` text,
	`log_index` integer,
	`san_type` text,
	`san` text,
	`issuer` text,
	`signed_at` integer,
	`signed_at_source` text,
	`version_id` text,
	`event_id` text,
	`linked_by` text,
	`checks` text NOT NULL,
	`first_seen_at` integer NOT NULL,
	FOREIGN KEY (`version_id`) REFERENCES `versions`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`event_id`) REFERENCES `events`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `bundles_sha256_unique` ON `bundles` (`sha256`);--> statement-breakpoint
CREATE INDEX `bundles_leaf` ON `bundles` (`leaf_hash`);--> statement-breakpoint
CREATE INDEX `bundles_signature` ON `bundles` (`signature_sha256`);--> statement-breakpoint
CREATE INDEX `bundles_event` ON `bundles` (`event_id`);--> statement-breakpoint
CREATE INDEX `bundles_signings` ON `bundles` (`version_id`,`state`,`signed_at`,`first_seen_at`,`id`,`san`,`issuer`,`event_id`,`log_index`) WHERE version_id IS NOT NULL;--> statement-breakpoint
CREATE TABLE `source_files` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`source` text NOT NULL,
	`path` text NOT NULL,
	`size` integer NOT NULL,
	`modified_at` integer NOT NULL,
	`sha256` text,
	`outcome` text NOT NULL,
	`reason_code` text,
	`reason` text,
	`bundle_id` text,
	`checked_at` integer NOT NULL,
	FOREIGN KEY (`bundle_id`) REFERENCES `bundles`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `source_files_path` ON `source_files` (`source`,`path`);--> statement-breakpoint
CREATE INDEX `source_files_outcome` ON `source_files` (`outcome`);--> statement-breakpoint
CREATE TABLE `event_matches` (
	`event_id` text NOT NULL,
	`rule` text NOT NULL,
	`field` text NOT NULL,
	`value` text NOT NULL,
	`how` text NOT NULL,
	`notes` text DEFAULT '[]' NOT NULL,
	`own` integer NOT NULL,
	PRIMARY KEY(`event_id`, `rule`),
	FOREIGN KEY (`event_id`) REFERENCES `events`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `event_matches_rule` ON `event_matches` (`rule`);--> statement-breakpoint
CREATE INDEX `event_matches_how` ON `event_matches` (`how`,`event_id`);--> statement-breakpoint
CREATE TABLE `events` (
	`row` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`log_id` integer,
	`log_index` integer,
	`leaf_hash` text,
	`kind` text,
	`entry` blob,
	`seen_by` text NOT NULL,
	`checkpoint_id` integer,
	`tree_size` integer,
	`inclusion_proof` blob,
	`digest_algorithm` text,
	`digest` text,
	`signature_sha256` text,
	`certificate_sha256` text,
	`public_key_sha256` text,
	`san_type` text,
	`san` text,
	`issuer` text,
	`certificate` text,
	`authenticity` text NOT NULL,
	`authenticity_reason` text NOT NULL,
	`claim` text NOT NULL,
	`undecided` text,
	`signed_at` integer,
	`signed_at_source` text,
	`first_seen_at` integer NOT NULL,
	`occurred_at` integer NOT NULL,
	`checks` text NOT NULL,
	FOREIGN KEY (`log_id`) REFERENCES `logs`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`checkpoint_id`) REFERENCES `checkpoints`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `events_id_unique` ON `events` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `events_place` ON `events` (`log_id`,`log_index`);--> statement-breakpoint
CREATE INDEX `events_leaf` ON `events` (`leaf_hash`);--> statement-breakpoint
CREATE INDEX `events_digest` ON `events` (`digest`);--> statement-breakpoint
CREATE INDEX `events_signature` ON `events` (`signature_sha256`);--> statement-breakpoint
CREATE INDEX `events_occurred` ON `events` (`occurred_at`,`id`);--> statement-breakpoint
CREATE INDEX `events_san` ON `events` (`san`,`occurred_at`);--> statement-breakpoint
CREATE INDEX `events_claim` ON `events` (`claim`,`occurred_at`);--> statement-breakpoint
CREATE INDEX `events_authenticity` ON `events` (`authenticity`,`occurred_at`);--> statement-breakpoint
CREATE INDEX `events_issuer` ON `events` (`issuer`,`occurred_at`,`id`);--> statement-breakpoint
CREATE INDEX `events_log` ON `events` (`log_id`,`occurred_at`,`id`);--> statement-breakpoint
CREATE INDEX `events_undecided` ON `events` (`occurred_at`,`id`) WHERE undecided IS NOT NULL;--> statement-breakpoint
CREATE INDEX `events_attention` ON `events` (`claim`,`authenticity`,`san`,`issuer`,`occurred_at`,`id`);--> statement-breakpoint
CREATE TABLE `config_state` (
	`id` integer PRIMARY KEY NOT NULL,
	`path` text NOT NULL,
	`in_force` text NOT NULL,
	`in_force_since` integer NOT NULL,
	`refused` text,
	`refused_at` integer,
	`trust_source` text,
	`trust_sha256` text,
	`trust_loaded_at` integer
);
--> statement-breakpoint
CREATE TABLE `job_leases` (
	`name` text PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `job_runs` (
	`name` text PRIMARY KEY NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer,
	`error` text
);
--> statement-breakpoint
CREATE TABLE `checkpoints` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`log_id` integer NOT NULL,
	`size` integer NOT NULL,
	`root` blob NOT NULL,
	`note` text NOT NULL,
	`note_sha256` text NOT NULL,
	`state` text NOT NULL,
	`previous_size` integer,
	`consistency_proof` blob,
	`cosignatures` integer DEFAULT 0 NOT NULL,
	`first_seen_at` integer NOT NULL,
	`verified_at` integer,
	FOREIGN KEY (`log_id`) REFERENCES `logs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `checkpoints_note` ON `checkpoints` (`log_id`,`note_sha256`);--> statement-breakpoint
CREATE INDEX `checkpoints_size` ON `checkpoints` (`log_id`,`size`);--> statement-breakpoint
CREATE TABLE `coverage` (
	`log_id` integer NOT NULL,
	`start_index` integer NOT NULL,
	`end_index` integer NOT NULL,
	`verified_at` integer NOT NULL,
	PRIMARY KEY(`log_id`, `start_index`),
	FOREIGN KEY (`log_id`) REFERENCES `logs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `log_faults` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`log_id` integer NOT NULL,
	`code` text NOT NULL,
	`severity` text NOT NULL,
	`message` text NOT NULL,
	`evidence` text,
	`first_at` integer NOT NULL,
	`last_at` integer NOT NULL,
	`count` integer DEFAULT 1 NOT NULL,
	`resolved_at` integer,
	FOREIGN KEY (`log_id`) REFERENCES `logs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `log_faults_open` ON `log_faults` (`log_id`,`code`,`resolved_at`);--> statement-breakpoint
CREATE TABLE `logs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`origin` text NOT NULL,
	`api` text NOT NULL,
	`read_url` text NOT NULL,
	`log_id` text NOT NULL,
	`key_details` text NOT NULL,
	`public_key` blob NOT NULL,
	`source` text NOT NULL,
	`state` text NOT NULL,
	`start_index` integer,
	`downloaded_size` integer DEFAULT 0 NOT NULL,
	`downloaded_range` blob NOT NULL,
	`verified_size` integer DEFAULT 0 NOT NULL,
	`verified_range` blob NOT NULL,
	`observed_size` integer DEFAULT 0 NOT NULL,
	`last_attempt_at` integer,
	`last_success_at` integer,
	`rate` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `logs_origin_unique` ON `logs` (`origin`);--> statement-breakpoint
CREATE TABLE `models` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`slug` text NOT NULL,
	`first_seen_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `models_name_unique` ON `models` (`name`);--> statement-breakpoint
CREATE UNIQUE INDEX `models_slug_unique` ON `models` (`slug`);--> statement-breakpoint
CREATE TABLE `version_files` (
	`version_id` text NOT NULL,
	`position` integer NOT NULL,
	`path` text NOT NULL,
	`algorithm` text NOT NULL,
	`digest` text NOT NULL,
	PRIMARY KEY(`version_id`, `position`),
	FOREIGN KEY (`version_id`) REFERENCES `versions`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `version_files_digest` ON `version_files` (`digest`);--> statement-breakpoint
CREATE TABLE `versions` (
	`id` text PRIMARY KEY NOT NULL,
	`model_id` text NOT NULL,
	`root` text NOT NULL,
	`method` text NOT NULL,
	`hash_type` text NOT NULL,
	`file_count` integer NOT NULL,
	`ignore_paths` text NOT NULL,
	`first_seen_at` integer NOT NULL,
	FOREIGN KEY (`model_id`) REFERENCES `models`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `versions_root` ON `versions` (`model_id`,`root`);--> statement-breakpoint
CREATE INDEX `versions_by_root` ON `versions` (`root`);