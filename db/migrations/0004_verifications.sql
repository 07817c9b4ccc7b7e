CREATE TABLE `idempotent_requests` (
	`token_id` text NOT NULL,
	`key` text NOT NULL,
	`request_sha256` text NOT NULL,
	`status` integer NOT NULL,
	`content_type` text NOT NULL,
	`body` blob NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`token_id`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotent_requests_at` ON `idempotent_requests` (`at`);--> statement-breakpoint
CREATE TABLE `registration_conflicts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`registration_id` text NOT NULL,
	`root` text NOT NULL,
	`source` text NOT NULL,
	`first_at` integer NOT NULL,
	`last_at` integer NOT NULL,
	`count` integer DEFAULT 1 NOT NULL,
	FOREIGN KEY (`registration_id`) REFERENCES `registrations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `registration_conflicts_root` ON `registration_conflicts` (`registration_id`,`root`,`source`);--> statement-breakpoint
CREATE TABLE `registrations` (
	`id` text PRIMARY KEY NOT NULL,
	`model_id` text NOT NULL,
	`label` text NOT NULL,
	`version_id` text NOT NULL,
	`source` text NOT NULL,
	`registered_at` integer NOT NULL,
	FOREIGN KEY (`model_id`) REFERENCES `models`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`version_id`) REFERENCES `versions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `registrations_label` ON `registrations` (`model_id`,`label`);--> statement-breakpoint
CREATE INDEX `registrations_version` ON `registrations` (`version_id`);--> statement-breakpoint
CREATE TABLE `training_logs` (
	`id` text PRIMARY KEY NOT NULL,
	`sha256` text NOT NULL,
	`root` text NOT NULL,
	`size` integer NOT NULL,
	`run` text,
	`summary` text NOT NULL,
	`bytes` blob NOT NULL,
	`source` text NOT NULL,
	`received_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `training_logs_sha256_unique` ON `training_logs` (`sha256`);--> statement-breakpoint
CREATE INDEX `training_logs_root` ON `training_logs` (`root`,`size`);--> statement-breakpoint
CREATE TABLE `verification_runs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`verification_id` text NOT NULL,
	`at` integer NOT NULL,
	`outcome` text NOT NULL,
	`is_expected` integer,
	`version_id` text,
	`judged_under` text NOT NULL,
	`answer` blob NOT NULL,
	FOREIGN KEY (`verification_id`) REFERENCES `verifications`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`version_id`) REFERENCES `versions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `verification_runs_of` ON `verification_runs` (`verification_id`,`id`);--> statement-breakpoint
CREATE INDEX `verification_runs_version` ON `verification_runs` (`version_id`,`at`);--> statement-breakpoint
CREATE TABLE `verifications` (
	`id` text PRIMARY KEY NOT NULL,
	`created_at` integer NOT NULL,
	`channel` text NOT NULL,
	`source` text NOT NULL,
	`place` text,
	`form` text NOT NULL,
	`name` text,
	`file_count` integer NOT NULL,
	`list_sha256` text NOT NULL,
	`list` blob NOT NULL,
	`expected_model_id` text,
	`expected_version_id` text,
	`expectation` text,
	FOREIGN KEY (`expected_model_id`) REFERENCES `models`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`expected_version_id`) REFERENCES `versions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `verifications_listed` ON `verifications` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `verifications_expected` ON `verifications` (`expected_model_id`,`channel`,`source`,`place`,`expectation`);