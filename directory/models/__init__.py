from directory.models.access_token import AccessToken
from directory.models.invitation import Invitation
from directory.models.licensed_doctors import LicensedDoctors
from directory.models.organisation import Department, Level, Membership, Organisation, OrganisationKind
from directory.models.person import Person, PersonManager
from directory.models.role_grant import RoleGrant
from directory.models.seed_stamp import SeedStamp

__all__ = [
    "AccessToken",
    "Department",
    "Invitation",
    "Level",
    "LicensedDoctors",
    "Membership",
    "Organisation",
    "OrganisationKind",
    "Person",
    "PersonManager",
    "RoleGrant",
    "SeedStamp",
]
