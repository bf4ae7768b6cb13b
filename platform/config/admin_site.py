"""The application that puts the staff's own admin site in the place of Django's."""

from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    default_site = "config.staff_site.StaffAdminSite"
