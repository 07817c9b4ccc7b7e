CREATE TABLE `canaries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`digest` text NOT NULL,
	`signed_at` integer NOT NULL,
	`log_origin` text,
	`log_index` integer,
	`seen_at` integer,
	`event_id` text,
	`error` text
);
--> statement-breakpoint
CREATE TABLE `certificate_matches` (
	`certificate_id` text NOT NULL,
	`rule` text NOT NULL,
	`field` text NOT NULL,
	`value` text NOT NULL,
	`how` text NOT NULL,
	`notes` text DEFAULT '[]' NOT NULL,
	`own` integer NOT NULL,
	PRIMARY KEY(`certificate_id`, `rule`),
	FOREIGN KEY (`certificate_id`) REFERENCES `issued_certificates`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `certificate_matches_rule` ON `certificate_matches` (`rule`);--> statement-breakpoint
CREATE TABLE `event_certificates` (
	`event_id` text PRIMARY KEY NOT NULL,
	`tbs_sha256` text NOT NULL,
	`state` text NOT NULL,
	`certificate_id` text,
	`certificate` blob,
	`reason` text DEFAULT '' NOT NULL,
	`checked_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `event_certificates_tbs` ON `event_certificates` (`tbs_sha256`);--> statement-breakpoint
CREATE INDEX `event_certificates_state` ON `event_certificates` (`state`,`checked_at`);--> statement-breakpoint
CREATE TABLE `issued_certificates` (
	`id` text PRIMARY KEY NOT NULL,
	`log_id` integer NOT NULL,
	`log_index` integer NOT NULL,
	`leaf_hash` text NOT NULL,
	`kind` text NOT NULL,
	`leaf` blob NOT NULL,
	`checkpoint_id` integer,
	`tree_size` integer,
	`inclusion_proof` blob,
	`issued_at` integer NOT NULL,
	`tbs_sha256` text,
	`spki_sha256` text,
	`serial` text,
	`san_type` text,
	`san` text,
	`issuer` text,
	`not_before` integer,
	`not_after` integer,
	`certificate` text,
	`undecided` text,
	`state` text NOT NULL,
	`reason` text DEFAULT '' NOT NULL,
	`event_id` text,
	`looked_up_at` integer,
	`look_ups` integer DEFAULT 0 NOT NULL,
	`first_seen_at` integer NOT NULL,
	FOREIGN KEY (`log_id`) REFERENCES `logs`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`checkpoint_id`) REFERENCES `checkpoints`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `issued_certificates_place` ON `issued_certificates` (`log_id`,`log_index`);--> statement-breakpoint
CREATE INDEX `issued_certificates_tbs` ON `issued_certificates` (`tbs_sha256`);--> statement-breakpoint
CREATE INDEX `issued_certificates_state` ON `issued_certificates` (`state`,`looked_up_at`);--> statement-breakpoint
CREATE INDEX `issued_certificates_issued` ON `issued_certificates` (`issued_at`,`id`);--> statement-breakpoint
CREATE INDEX `issued_certificates_san` ON `issued_certificates` (`san`,`issued_at`);--> statement-breakpoint
CREATE TABLE `looked_up_entries` (
	`log_url` text NOT NULL,
	`entry_uuid` text NOT NULL,
	`state` text NOT NULL,
	`reason` text NOT NULL,
	`tbs_sha256` text,
	`event_id` text,
	`looked_at` integer NOT NULL,
	PRIMARY KEY(`log_url`, `entry_uuid`)
);
--> statement-breakpoint
CREATE INDEX `looked_up_entries_tbs` ON `looked_up_entries` (`tbs_sha256`);--> statement-breakpoint
CREATE TABLE `expected_signings` (
	`id` text PRIMARY KEY NOT NULL,
	`digest` text,
	`san` text,
	`issuer` text,
	`run` text,
	`note` text,
	`source` text NOT NULL,
	`declared_by` text NOT NULL,
	`declared_at` integer NOT NULL,
	`valid_from` integer NOT NULL,
	`valid_until` integer NOT NULL,
	`uses` integer DEFAULT 1 NOT NULL,
	`used` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `expected_signings_digest` ON `expected_signings` (`digest`);--> statement-breakpoint
CREATE INDEX `expected_signings_until` ON `expected_signings` (`valid_until`);--> statement-breakpoint
CREATE TABLE `backfill_ranges` (
	`backfill_id` integer NOT NULL,
	`start_index` integer NOT NULL,
	`end_index` integer NOT NULL,
	`holder` text NOT NULL,
	`expires_at` integer NOT NULL,
	`done_at` integer,
	PRIMARY KEY(`backfill_id`, `start_index`),
	FOREIGN KEY (`backfill_id`) REFERENCES `backfills`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `backfills` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`log_id` integer NOT NULL,
	`kind` text NOT NULL,
	`rules` text,
	`start_index` integer NOT NULL,
	`end_index` integer NOT NULL,
	`next_end` integer NOT NULL,
	`state` text NOT NULL,
	`entries` integer DEFAULT 0 NOT NULL,
	`events` integer DEFAULT 0 NOT NULL,
	`rate` integer,
	`created_at` integer NOT NULL,
	`finished_at` integer,
	FOREIGN KEY (`log_id`) REFERENCES `logs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `backfills_open` ON `backfills` (`log_id`,`state`);--> statement-breakpoint
CREATE TABLE `rule_searches` (
	`log_id` integer NOT NULL,
	`rule` text NOT NULL,
	`definition` text NOT NULL,
	`start_index` integer NOT NULL,
	`end_index` integer,
	`since` integer NOT NULL,
	`stored_at` integer,
	PRIMARY KEY(`log_id`, `rule`, `start_index`),
	FOREIGN KEY (`log_id`) REFERENCES `logs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
ALTER TABLE `events` ADD `undecided_by` text;--> statement-breakpoint
ALTER TABLE `events` ADD `expected_by` text;--> statement-breakpoint
ALTER TABLE `config_state` ADD `trust_expires_at` integer;--> statement-breakpoint
ALTER TABLE `checkpoints` ADD `seen_from` text DEFAULT 'log' NOT NULL;--> statement-breakpoint
ALTER TABLE `checkpoints` ADD `seen_at` text;--> statement-breakpoint
ALTER TABLE `checkpoints` ADD `cosigners` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `checkpoints` ADD `quorum` integer;--> statement-breakpoint
CREATE INDEX `checkpoints_open` ON `checkpoints` (`log_id`,`state`,`size`);--> statement-breakpoint
ALTER TABLE `logs` ADD `instance` text DEFAULT '' NOT NULL;--> statement-breakpoint
UPDATE `logs` SET `instance` = `origin`;--> statement-breakpoint
ALTER TABLE `logs` ADD `tree_id` text;--> statement-breakpoint
ALTER TABLE `logs` ADD `index_offset` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `logs` ADD `final_size` integer;--> statement-breakpoint
ALTER TABLE `logs` ADD `reading` text DEFAULT 'entries' NOT NULL;--> statement-breakpoint
ALTER TABLE `logs` ADD `mirror` text DEFAULT 'matches' NOT NULL;--> statement-breakpoint
ALTER TABLE `logs` ADD `mirror_size` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `logs` ADD `mirror_bytes` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `logs` ADD `mirror_problem` text;