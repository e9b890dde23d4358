"""Plays the seller's browser on the marketplace's consent page: reads its form, says yes, follows the way back."""
import html.parser
import urllib.error
import urllib.parse
import urllib.request

MOST_STEPS = 10


class Form(html.parser.HTMLParser):
    """The first form of a page: where it goes, and what the button that agrees would send."""

    def __init__(self, page):
        super().__init__()
        self.action, self.method, self.fields, self.link = None, "get", {}, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form" and self.action is None:
            self.action, self.method = attrs.get("action", ""), attrs.get("method", "get").lower()
        if tag in ("input", "button") and attrs.get("name") and self.wanted(attrs):
            self.fields[attrs["name"]] = attrs.get("value", "")
        if tag == "a" and self.link is None and "code=" in attrs.get("href", ""):
            self.link = attrs["href"]

    @staticmethod
    def wanted(attrs):
        """Of several buttons the first one, which agrees; a box only when it is ticked."""
        said_no = attrs.get("value", "").lower() in ("no", "deny", "decline", "cancel", "reject", "0", "false")
        unticked = attrs.get("type") in ("checkbox", "radio") and "checked" not in attrs
        return not said_no and not unticked


class Stay(urllib.request.HTTPRedirectHandler):
    """A browser shows each address it is sent to; so do we, instead of following unseen."""

    def redirect_request(self, *_):
        return None


def is_at(url, hub):
    """Whether an address belongs to the hub: its cookie goes nowhere else."""
    return urllib.parse.urlsplit(url)[:2] == urllib.parse.urlsplit(hub)[:2]


class Browser:
    def __init__(self, cookie):
        self.opener = urllib.request.build_opener(Stay)
        self.cookie = cookie  # the hub's session, for the hub alone
        self.visited = []

    def visit(self, url, hub, data=None):
        """(next address or None, page)."""
        request = urllib.request.Request(url, data=data, headers={"Accept": "text/html"})
        if self.cookie and is_at(url, hub):
            request.add_header("Cookie", self.cookie)
        self.visited.append(url.split("?")[0])
        try:
            with self.opener.open(request, timeout=30) as answer:
                return None, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as answer:
            if answer.code in (301, 302, 303, 307):
                return urllib.parse.urljoin(url, answer.headers["Location"]), ""
            raise RuntimeError(f"{url.split('?')[0]} was answered {answer.code}: {answer.read()[:300]!r}") from answer


def agree(consent_url, hub, cookie):
    """From the consent page to the hub's return address; the addresses on the way, without their secrets.

    The hub takes the return only in the session that began: `cookie` is that session's.
    """
    browser, url, data = Browser(cookie), consent_url, None
    for _ in range(MOST_STEPS):
        there, page = browser.visit(url, hub, data)
        data = None
        if there and is_at(there, hub) and "#" in there:
            if "problem=" in there:
                raise RuntimeError(f"the hub did not take the consent: {there}")
            return browser.visited, there
        if there:
            url = there
            continue
        form = Form(page)
        if form.link:
            url = urllib.parse.urljoin(url, form.link)
        elif form.action is not None:
            fields = urllib.parse.urlencode(form.fields)
            url = urllib.parse.urljoin(url, form.action)
            if form.method == "post":
                data = fields.encode()
            elif fields:
                url = urllib.parse.urlsplit(url)._replace(query=fields).geturl()
        else:
            raise RuntimeError(f"{url.split('?')[0]} shows no form to agree with: {page[:300]!r}")
    raise RuntimeError(f"the consent never came back to the hub: {browser.visited}")
