role-volunteer = volunteer
role-coordinator = chapter coordinator
role-national = national coordinator
role-hub = hub
role-volunteer-may = Counts heads and letters at the chapter’s evenings.
role-coordinator-may = Also closes evenings, sees the chapter’s totals, invites volunteers.
role-national-may = Sees all chapters’ totals, keeps the register, invites anybody.
role-hub-may = A region’s server that reports to this one.
