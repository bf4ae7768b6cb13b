from django.urls import path, register_converter

from tenants.fields import PublicIdConverter

register_converter(PublicIdConverter, "public_id")

urlpatterns: list = []
