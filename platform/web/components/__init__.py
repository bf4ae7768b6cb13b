"""The functions behind `{% load copydesk %}`, by kind; templates/components holds the markup."""
