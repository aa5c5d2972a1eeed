from django.urls import URLPattern, URLResolver, path

from directory.web import (
    addresses,
    departments,
    home,
    idle,
    invitations,
    keys,
    licensed_doctors,
    organisations,
    people,
    places,
    profile,
)

app_name = "directory"
urlpatterns: list[URLPattern | URLResolver] = [
    path("profile/", profile.profile, name="profile"),
    path("profile/activity/", idle.activity, name="activity"),
    path("profile/phone/", addresses.address, {"kind": "phone"}, name="my_phone"),
    path("profile/email/", addresses.address, {"kind": "email"}, name="my_email"),
    path("profile/code/", addresses.code, name="my_address_code"),
    path("profile/sessions/end/", profile.end_my_sessions, name="end_my_sessions"),
    path("profile/keys/<uuid:token_id>/revoke/", profile.revoke_my_token, name="revoke_my_token"),
    path("directory/", organisations.organisation_list, name="organisations"),
    path("directory/organisations/<uuid:organisation_id>/", organisations.organisation_page, name="organisation"),
    path("directory/organisations/<uuid:parent_id>/new/", organisations.organisation_new, name="organisation_new"),
    path("directory/organisations/<uuid:organisation_id>/invite/", invitations.invite, name="invite"),
    path(
        "directory/organisations/<uuid:organisation_id>/departments/new/",
        departments.new,
        name="department_new",
    ),
    path("directory/organisations/<uuid:organisation_id>/doctors/", licensed_doctors.report, name="doctors"),
    path("directory/departments/<uuid:department_id>/", departments.one, name="department"),
    path("directory/departments/<uuid:department_id>/close/", departments.close, name="department_close"),
    path("directory/security/", home.security_panel, name="security_panel"),
    path("directory/people/", people.people_list, name="people"),
    path("directory/people/<uuid:person_id>/", people.person_page, name="person"),
    path("directory/people/<uuid:person_id>/change/", people.person_change, name="person_change"),
    path("directory/people/<uuid:person_id>/grants/add/", people.grant_add, name="grant_add"),
    path("directory/people/<uuid:person_id>/grants/<uuid:grant_id>/end/", people.grant_end, name="grant_end"),
    path("directory/people/<uuid:person_id>/sessions/end/", people.sessions_end, name="sessions_end"),
    path("directory/people/<uuid:person_id>/second-factor/reset/", people.second_factor_reset, name="factor_reset"),
    path("directory/people/<uuid:person_id>/places/add/", places.add, name="membership_add"),
    path(
        "directory/people/<uuid:person_id>/places/<uuid:membership_id>/end/",
        places.end,
        name="membership_end",
    ),
    path(
        "directory/people/<uuid:person_id>/places/<uuid:membership_id>/main/",
        places.make_main,
        name="membership_main",
    ),
    path("directory/people/<uuid:person_id>/keys/add/", keys.token_add, name="token_add"),
    path("directory/people/<uuid:person_id>/keys/<uuid:token_id>/revoke/", keys.token_revoke, name="token_revoke"),
]
