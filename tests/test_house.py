"""The rules of the house, checked by machine. docs/guide.md says why each exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from portal.features import ORDER

ROOT = Path(__file__).resolve().parent.parent
PORTAL = ROOT / "portal"
TEMPLATES = PORTAL / "templates"
SHARED = {
    "clock",
    "errors",
    "settings",
    "database",
    "together",
    "quick_rows",
    "quick_statements",
    "turns",
    "tokens",
    "storage",
    "mail",
    "outbox",
    "jobs",
    "limits",
    "once",
    "plain_posts",
    "permissions",
    "web",
    "forms",
    "language",
    "paper",
    "pictures",
}
# What each kind of file in a feature may not import.
FORBIDDEN = {
    "models": {"flask", "flask_login", "flask_wtf", "operations", "views", "forms", "web", "permissions"},
    "operations": {"flask_login", "flask_wtf", "views", "forms", "web"},
    "emails": {"flask_login", "flask_wtf", "views", "forms", "operations"},
}
DEMO_PREFIX = "demo"


@cache
def sources(folder: Path = PORTAL) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def templates() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"})


@cache
def text_of(path: Path) -> str:
    return path.read_text()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path))


@cache
def imports_of(path: Path) -> list[str]:
    """Every module named by an import, with the names taken from portal packages spelled out."""
    found = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
            found += [f"{node.module}.{name.name}" for name in node.names]
    return found


def feature_of(path: Path) -> str | None:
    first = path.relative_to(PORTAL).parts[0]
    return first if first in ORDER else None


def kind_of(path: Path) -> str:
    """What kind of file it is: forms, views and emails by their names; every other module works like operations."""
    stem = path.stem
    for kind in ("views", "forms", "models", "emails", "queries"):
        if stem == kind or stem.endswith(f"_{kind}"):
            return kind
    return "operations"


def test_features_import_only_those_before_them():
    wrong = []
    for path in sources():
        feature = feature_of(path)
        if feature is None:
            continue
        later = ORDER[ORDER.index(feature) + 1 :]
        for name in imports_of(path):
            parts = name.split(".")
            if parts[0] == "portal" and len(parts) > 1 and parts[1] in later:
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not wrong


def test_a_feature_never_imports_another_ones_views_or_forms():
    wrong = []
    for path in sources():
        feature = feature_of(path)
        for name in imports_of(path):
            parts = name.split(".")
            foreign = len(parts) > 2 and parts[0] == "portal" and parts[1] in ORDER and parts[1] != feature
            if feature and foreign and (parts[2].endswith("views") or parts[2].endswith("forms")):
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not wrong


def test_shared_modules_know_no_feature():
    wrong = []
    for path in sources():
        first = path.relative_to(PORTAL).parts[0].removesuffix(".py")
        if first not in SHARED:
            continue
        for name in imports_of(path):
            parts = name.split(".")
            if parts[0] == "portal" and len(parts) > 1 and parts[1] in ORDER:
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not wrong


def test_models_operations_and_emails_stay_below_the_web():
    wrong = []
    for path in sources():
        if feature_of(path) is None or path.stem in {
            "__init__",
            "finding",
            "page_cache",
            "ready_pages",
            "quick_signing",
        }:
            continue
        forbidden = FORBIDDEN.get(kind_of(path), set())
        for name in imports_of(path):
            parts = name.split(".")
            named = {parts[0]} if parts[0] != "portal" else set(parts[1:])
            if parts[0] == "portal" and kind_of(path) == "emails" and parts[1:2] == ["web"]:
                continue
            if named & forbidden:
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not wrong


def test_operations_touch_no_request():
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources()
        if feature_of(path)
        and kind_of(path) in {"operations", "models", "queries"}
        and path.stem not in {"finding", "page_cache", "ready_pages", "quick_signing"}
        for name in imports_of(path)
        if name in {"flask.request", "flask.session", "flask.g", "flask.redirect", "flask.abort", "flask.flash"}
    ]
    assert not wrong


def test_only_the_clock_asks_for_the_time():
    pattern = re.compile(r"datetime\.now|datetime\.utcnow|date\.today|time\.time\(")
    wrong = [str(p.relative_to(ROOT)) for p in sources() if p.stem != "clock" and pattern.search(text_of(p))]
    assert not wrong


def test_only_settings_reads_the_environment():
    allowed = {"settings.py", "outbox.py", "server.py"}
    wrong = [
        str(p.relative_to(ROOT))
        for p in sources()
        if p.name not in allowed and re.search(r"os\.environ|getenv", text_of(p))
    ]
    assert not wrong


def test_only_mail_speaks_smtp_and_only_operations_open_transactions():
    wrong = [str(p.relative_to(ROOT)) for p in sources() if p.name != "mail.py" and "smtplib" in text_of(p)]
    wrong += [
        str(p.relative_to(ROOT))
        for p in sources()
        if feature_of(p) and kind_of(p) in {"views", "forms", "models", "emails"} and "transaction(" in text_of(p)
    ]
    assert not wrong


def test_every_view_declares_its_action_and_writes_only_by_post():
    wrong = []
    for path in sources():
        if kind_of(path) != "views":
            continue
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.FunctionDef):
                continue
            marks = [ast.unparse(mark) for mark in node.decorator_list]
            if any(".route(" in mark or ".get(" in mark or ".post(" in mark for mark in marks):
                if not any(mark.startswith("action(") for mark in marks):
                    wrong.append(f"{path.relative_to(ROOT)}:{node.name} declares no action")
                if any(re.search(r"PUT|DELETE|PATCH|\.(put|delete|patch)\(", mark) for mark in marks):
                    wrong.append(f"{path.relative_to(ROOT)}:{node.name} writes by something other than POST")
    assert not wrong


def test_every_public_function_says_what_it_is():
    wrong = []
    for path in sources():
        for node in tree_of(path).body:
            named = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if named and not ast.get_docstring(node):
                wrong.append(f"{path.relative_to(ROOT)}:{node.name}")
        if path.stat().st_size and not ast.get_docstring(tree_of(path)):
            wrong.append(f"{path.relative_to(ROOT)} has no docstring")
    assert not wrong


@pytest.mark.parametrize("folder", ["portal", "tests", "migrations"])
def test_no_file_is_much_over_300_lines(folder):
    wrong = {str(p.relative_to(ROOT)): n for p in sources(ROOT / folder) if (n := len(text_of(p).splitlines())) > 330}
    assert not wrong


def test_no_template_is_over_150_lines():
    wrong = {str(p.relative_to(ROOT)): n for p in templates() if (n := len(text_of(p).splitlines())) > 150}
    assert not wrong


def test_templates_hold_no_inline_script_or_style_and_load_nothing_from_elsewhere():
    pattern = re.compile(
        r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|hx-on|javascript:|(?:src|href)=\"https?://", re.I
    )
    wrong = [f"{p.relative_to(ROOT)}: {found.group()}" for p in templates() if (found := pattern.search(text_of(p)))]
    assert not wrong


def test_templates_trust_no_text_as_html():
    # Only these print markup that our own code made.
    allowed = {"components/tools.html"}
    wrong = [
        str(p.relative_to(TEMPLATES))
        for p in templates()
        if re.search(r"\|\s*safe\b|autoescape false", text_of(p)) and p.relative_to(TEMPLATES).as_posix() not in allowed
    ]
    assert not wrong


def test_every_form_that_writes_carries_its_tokens():
    wrong = []
    for path in templates():
        for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", text_of(path), re.S | re.I):
            for name in re.findall(r"{%-? include \"([^\"]+)\"", form):
                form += (TEMPLATES / name).read_text()
            if "ui.tokens" not in form and "tokens(" not in form:
                wrong.append(str(path.relative_to(TEMPLATES)))
    assert not wrong


def test_every_mail_has_three_files():
    for folder in (TEMPLATES / "emails").iterdir():
        assert {path.name for path in folder.iterdir()} == {"subject.txt", "body.txt", "body.html"}, folder.name


def test_words_on_screen_do_not_shout_or_beg():
    pattern = re.compile(r"_\(\s*[\"'][^\"']*(!|\bplease\b|\bsorry\b|\boops\b|\binvalid\b)", re.I)
    texts = templates() + [p for p in sources() if feature_of(p) or p.parent == PORTAL]
    wrong = [f"{p.relative_to(ROOT)}: {found.group()}" for p in texts if (found := pattern.search(text_of(p)))]
    assert not wrong


def test_the_project_stands_alone():
    names = re.compile("|".join(["/work" + "/", r"\.\./" + "shared", "py" + r"pi\.org", "npm" + r"js\.(com|org)"]))
    folders = ("portal", "tests", "migrations", "bin", "docs", ".ci", "requirements")
    paths = [
        p
        for folder in folders
        for p in (ROOT / folder).rglob("*")
        if p.is_file() and p.suffix not in {".ttf", ".pdf", ".png", ".pyc"}
    ]
    paths += [
        ROOT / name for name in ("README.md", "CHANGELOG.md", "pyproject.toml", "wsgi.py") if (ROOT / name).exists()
    ]
    wrong = []
    for path in paths:
        if path.name.endswith(".min.js"):
            continue
        if found := names.search(path.read_text(errors="ignore")):
            wrong.append(f"{path.relative_to(ROOT)}: {found.group()}")
    assert not wrong


def test_only_the_thread_with_script_is_walked_in_a_browser_while_somebody_waits():
    in_a_browser = [p for p in sources(ROOT / "tests") if "pytest.mark.browser" in text_of(p) and p != Path(__file__)]
    at_once = [p.name for p in in_a_browser if "pytest.mark.long" not in text_of(p)]
    assert at_once == ["test_thread.py"]


def test_what_bin_test_leaves_out_runs_in_bin_check_and_ci_runs_both():
    legs = [line for line in text_of(ROOT / "bin" / "check").splitlines() if line.startswith("leg ")]
    for wanted in ('bin/test -m "long or hypothesis"', "TEST_DATABASE=postgres bin/test --all", "bin/test -m crash"):
        assert [leg for leg in legs if wanted in leg], wanted
    assert "\nexport HYPOTHESIS_PROFILE=thorough\n" in text_of(ROOT / "bin" / "check")
    assert text_of(ROOT / ".ci" / "run").endswith("\nrun bin/test\nrun bin/check\n")
