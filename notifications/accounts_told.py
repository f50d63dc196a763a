"""News about accounts, written into the outbox."""

from accounts.tell import News
from notifications.services import NewMessage, outbox_write


def account_news(news: News) -> None:
    """One message a person."""
    people = [
        NewMessage(news.key, news.template, news.params, recipient_id=person)
        for person in dict.fromkeys(news.people)
    ]
    if people:
        outbox_write(people, suppress=news.is_muted)
