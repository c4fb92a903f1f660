"""What identity refuses."""

from carehub.core.errors import CareHubError, Invalid, NotAllowed


class WrongCredentials(CareHubError):
    """Says nothing about which of the two was wrong, nor whether the account exists."""

    key = "This e-mail address and password do not go together"
    status = 401


class NotVerified(CareHubError):
    """Only told to someone who knew the password. A new link is on its way."""

    key = "Confirm your e-mail address first: a new link is on its way"
    status = 403


class LinkNotValid(CareHubError):
    key = "This link was used, replaced or has expired"
    status = 410


class WrongPassword(Invalid):
    key = "This is not your current password"


class CodeNeeded(CareHubError):
    """The password was right; a code of the second factor finishes the sign-in. `challenge` names this attempt."""

    key = "Type the code of your authenticator"
    status = 403

    def __init__(self, challenge: str) -> None:
        super().__init__()
        self.challenge = challenge


class WrongCode(Invalid):
    key = "This code is not right, was used already or has changed. Take the next one"


class FactorState(CareHubError):
    """It was switched on or off meanwhile, in another window."""

    key = "The second step was changed meanwhile. Look again"
    status = 409


class ProofNeeded(NotAllowed):
    """What was asked needs the password or a code of the last ten minutes."""

    key = "Confirm that it is you to go on"


class IssuerNotValid(Invalid):
    key = "Give an https:// address on the public internet"


class SecretNeeded(Invalid):
    key = "A new issuer needs its client secret"


class ProviderFailed(CareHubError):
    """It did not answer, or what it answered does not hold."""

    key = "The sign-in service did not answer as it should. Try again, or use your password"
    status = 502


class NotConnected(CareHubError):
    key = "This sign-in is not connected to your account. Sign in with your password, then connect it under Security"
    status = 403


class SameAddress(Invalid):
    key = "This is your address already"


class PasswordTooShort(Invalid):
    key = "At least {min_length} characters"


class PasswordTooLong(Invalid):
    key = "At most {max_length} characters"


class PasswordCommon(Invalid):
    key = "This password is one of the first that are tried. Four random words do better"


class PasswordPersonal(Invalid):
    key = "A password may not be your name or e-mail address"


class NumberNotValid(Invalid):
    key = "This {register} number is not valid. Check its digits"


class NumberNeeded(Invalid):
    key = "Give your RPPS, ADELI or SIRET number"


class PhoneNotValid(Invalid):
    key = "This phone number is not valid. Begin with + and the country code when it is abroad"


class BirthDateNotValid(Invalid):
    key = "This date of birth is not possible"


class AliasNotValid(Invalid):
    key = "A pseudonym has two letters at least, and no address"


class TooManyInterests(Invalid):
    key = "{most} interests at most, of {longest} letters at most each"


class YearNotValid(Invalid):
    key = "This year is not possible"


class TermsNotAccepted(Invalid):
    key = "Accept the terms to go on"


class AlreadyMember(CareHubError):
    key = "This person is on your team already"
    status = 409


class AlreadyInvited(CareHubError):
    key = "This address has an invitation already. Send it again or withdraw it"
    status = 409


class InvitationOver(CareHubError):
    key = "This invitation was accepted or withdrawn meanwhile"
    status = 409


class NotForYou(CareHubError):
    """Whoever follows the link is signed in with another address than the one it was mailed to."""

    key = "This invitation was sent to another address. Sign in with that one"
    status = 403


class HasAccount(CareHubError):
    key = "This person already has an account: sign in to go on"
    status = 409


class NoAddress(CareHubError):
    key = "No e-mail address is known. Add one first"
    status = 409


class LastOwner(CareHubError):
    key = "An organisation keeps at least one owner. Name another one first"
    status = 409


class OwnersOnly(NotAllowed):
    key = "Only an owner may do this"


class OwnRole(NotAllowed):
    key = "Nobody raises their own role"


class BeyondOneself(NotAllowed):
    key = "Nobody gives more than they may do themselves"


class OwnAgenda(Invalid):
    key = "This is their own agenda already"


class RoleInUse(CareHubError):
    key = "Give the {count} members and invited people who have this role another one first"
    status = 409


class TooManyRoles(Invalid):
    key = "{most} roles of your own are the most"


class HandOverFirst(CareHubError):
    """Closing the access would leave people with an appointment that nobody keeps."""

    key = "Hand over the {count} coming appointments first"
    status = 409
