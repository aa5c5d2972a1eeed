"""The site's own pages: front page, catalogue, library. Nothing else may take their addresses."""

from django.db import migrations

ROOT_PATH = "0001"
HOME_PATH = "00010001"
WELCOME_SLUG = "home"


def _content_type(apps, model):
    types = apps.get_model("contenttypes", "ContentType")
    return types.objects.get_or_create(model=model, app_label="cms")[0]


def plant(apps, schema_editor):
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    locale = apps.get_model("wagtailcore", "Locale").objects.order_by("pk").first()
    root = Page.objects.get(path=ROOT_PATH)
    Site.objects.all().delete()
    Page.objects.filter(path__startswith=ROOT_PATH, depth=2, slug=WELCOME_SLUG).delete()
    common = {"live": True, "locale": locale, "has_unpublished_changes": False}
    home = apps.get_model("cms", "HomePage").objects.create(
        path=HOME_PATH, depth=2, numchild=2, title="清江省医学教育与会诊平台", draft_title="清江省医学教育与会诊平台",
        slug="home", url_path="/home/", content_type=_content_type(apps, "homepage"),
        lead="同行评审的课程，真实去标识的病例，县乡两级能照做。", **common,
    )
    apps.get_model("cms", "CatalogueIndexPage").objects.create(
        path=HOME_PATH + "0001", depth=3, numchild=0, title="课程", draft_title="课程", slug="courses",
        url_path="/home/courses/", content_type=_content_type(apps, "catalogueindexpage"), **common,
    )
    apps.get_model("cms", "LibraryIndexPage").objects.create(
        path=HOME_PATH + "0002", depth=3, numchild=0, title="资源库", draft_title="资源库", slug="library",
        url_path="/home/library/", content_type=_content_type(apps, "libraryindexpage"), **common,
    )
    root.numchild = 1
    root.save()
    Site.objects.create(hostname="localhost", root_page_id=home.pk, is_default_site=True)


def fell(apps, schema_editor):
    apps.get_model("wagtailcore", "Site").objects.all().delete()
    Page = apps.get_model("wagtailcore", "Page")
    Page.objects.filter(path__startswith=HOME_PATH).delete()
    Page.objects.filter(path=ROOT_PATH).update(numchild=0)


class Migration(migrations.Migration):
    dependencies = [("cms", "0001_initial"), ("contenttypes", "0002_remove_content_type_name")]
    operations = [migrations.RunPython(plant, fell)]
