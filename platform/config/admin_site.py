"""The application that puts the staff's own admin site in the place of Django's."""

from django.contrib.admin.apps import AdminConfig

from config.staff_words import translate_field_names


class StaffAdminConfig(AdminConfig):
    default_site = "config.staff_site.StaffAdminSite"

    def ready(self) -> None:
        translate_field_names()
        super().ready()
