"""The form of a person."""

from wtforms import EmailField, StringField, TextAreaField

from portal.forms.custom_fields import read_custom
from portal.forms.drafts import DraftForm
from portal.operations.editing.labels import PERSON_LABELS as LABELS
from portal.operations.queries.drafts import typed
from portal.programme.drafts import Draft


class PersonForm(DraftForm):
    """What can be stored is decided where the person is stored; addresses may be typed without https://."""

    first_name = StringField(LABELS["first_name"])
    last_name = StringField(LABELS["last_name"])
    email = EmailField(LABELS["email"])
    honorific = StringField(LABELS["honorific"])
    job_title = StringField(LABELS["job_title"])
    company_name = StringField(LABELS["company_name"])
    mobile_phone = StringField(LABELS["mobile_phone"])
    website = StringField(LABELS["website"])
    headshot = StringField(LABELS["headshot"])
    facebook_url = StringField(LABELS["facebook_url"])
    linkedin_url = StringField(LABELS["linkedin_url"])
    twitter_url = StringField(LABELS["twitter_url"])
    biography = TextAreaField(LABELS["biography"])

    @classmethod
    def of(cls, draft: Draft) -> "PersonForm":
        """The form as a draft has it."""
        form = cls(formdata=None)
        form.open(draft)
        return form

    def read(self) -> Draft | None:
        """The draft that stands in the form; None where it cannot be read."""
        if not self.validate():
            return None
        return {name: typed(self[name].data) for name in LABELS} | read_custom(self)

    def in_words(self, name: str, draft: Draft) -> str:
        """A field of a draft, for somebody who has to choose between two."""
        return draft[name] or "None"
