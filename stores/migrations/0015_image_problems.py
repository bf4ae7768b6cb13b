from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stores", "0014_image_checks")]

    operations = [
        migrations.AddIndex(
            model_name="productimage",
            index=models.Index(
                condition=models.Q(("state__in", ["small", "missing", "no_image", "unreachable"])),
                fields=["merchant", "state", "id"],
                name="image_with_problem",
            ),
        ),
    ]
