"""What a person's and a session's fields are called on pages, for whoever speaks of them."""

SESSION_LABELS = {
    "title": "Title",
    "status": "Status",
    "client_session_id": "Client Session ID",
    "is_public": "Public",
    "starts_at": "Start",
    "ends_at": "End",
    "room": "Room",
    "format": "Format",
    "track": "Track",
    "level": "Level",
    "language": "Language",
    "tags": "Tags",
    "description": "Description",
    "people": "People",
    "files": "Content",
}
PERSON_LABELS = {
    "first_name": "First name",
    "last_name": "Last name",
    "email": "E-mail",
    "honorific": "Honorific",
    "job_title": "Job title",
    "company_name": "Company",
    "mobile_phone": "Mobile phone",
    "website": "Website",
    "headshot": "Headshot",
    "facebook_url": "Facebook",
    "linkedin_url": "LinkedIn",
    "twitter_url": "Twitter",
    "biography": "Biography",
}
