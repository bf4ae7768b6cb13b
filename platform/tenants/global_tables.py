"""Tables without a merchant, each with the reason. Every other table must have forced row security."""

GLOBAL_TABLES = {
    "accounts_user": "a person may work for several merchants and signs in before one is known",
    "accounts_user_groups": "Django's groups of platform staff",
    "accounts_user_user_permissions": "Django's permissions of platform staff",
    "account_emailaddress": "allauth: addresses of people, read before a merchant is known",
    "account_emailconfirmation": "allauth: links in mails, opened before a merchant is known",
    "auth_group": "platform staff",
    "auth_group_permissions": "platform staff",
    "auth_permission": "Django's registry of permissions",
    "django_admin_log": "Django's own log of the staff's process",
    "django_content_type": "Django's registry of models",
    "django_migrations": "Django's record of migrations",
    "generation_inferenceworker": "workers serve all merchants; the table holds no text",
    "generation_platformmodel": "models that the platform offers to every merchant",
    "django_session": "sessions, read before a merchant is known",
}

# Row security of their own kind; the check still demands that it is forced.
OWN_POLICIES = {
    "tenants_merchant": "everybody may find a merchant, only its own scope may change it",
    "tenants_auditentry": "append-only; entries of the platform itself have no merchant",
}
