from django.apps import AppConfig


class WagtailRightsConfig(AppConfig):
    """Registers our policies after Wagtail's apps have registered theirs."""

    name = "directory.wagtail_rights"
    label = "wagtail_rights"

    def ready(self) -> None:
        from wagtail.images import get_image_model
        from wagtail.models import Page
        from wagtail.permissions import register_permission_policy

        from directory.wagtail_rights.backends import GrantCollectionPolicy, GrantPagePolicy

        image = get_image_model()
        register_permission_policy(Page, GrantPagePolicy())
        register_permission_policy(
            image, GrantCollectionPolicy(image, auth_model=image, owner_field_name="uploaded_by_user")
        )
