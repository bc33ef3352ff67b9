"""The command, its output and its exit status."""

import json
import logging
import runpy
import socket
import ssl
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from xml.etree import ElementTree

import pytest

from corecors.conformance import cli
from corecors.conformance import report as reports
from corecors.conformance.cli import main
from tests.unit.conformance.support import EXPECTED, POLICY

HERE = "tests.unit.conformance.support"
OPTIONS = ["--path=/api", "--examples=5", *(f"--allow-origin={o}" for o in POLICY["origins"])]
ALL_OPTIONS = [
    *OPTIONS,
    *(f"--allow-method={name}" for name in POLICY["methods"]),
    *(f"--allow-header={name}" for name in POLICY["allow_headers"]),
    *(f"--expose-header={name}" for name in POLICY["expose_headers"]),
    f"--max-age={EXPECTED.max_age}",
]


@pytest.mark.parametrize("target", ["--wsgi", "--asgi"])
def test_a_right_application_has_status_0(target, capsys):
    assert main([target, f"{HERE}:{target[2:]}", *ALL_OPTIONS]) == 0
    *_, tested, figures = capsys.readouterr().out.splitlines()
    assert tested.startswith("not tested: requests with HEAD, POST, PUT, PATCH, DELETE; answers")
    assert figures == (
        "20 invariants checked: 0 violations, 0 pieces of advice, 0 not judged; "
        "0 not checked (the expectation says nothing about them)"
    )


def test_a_violation_has_status_1(capsys):
    assert main(["--wsgi", f"{HERE}:wsgi_closed", *OPTIONS]) == 1
    out = capsys.readouterr().out
    assert "4. allowed origins: A page of an allowed origin gets an answer and can read" in out
    assert "no answer has a CORS header" in out
    assert "Access-Control-Allow-Origin is missing (CORS check step 2)" in out


def test_a_report_as_json_and_as_junit(tmp_path, capsys):
    junit = tmp_path / "report.xml"
    target = ["--wsgi", f"{HERE}:wsgi_closed", "--json", f"--junit={junit}"]
    assert main([*target, *OPTIONS]) == 1
    (report,) = json.loads(capsys.readouterr().out)["reports"]
    assert not report["conformant"]
    assert [finding["number"] for finding in report["findings"]] == [4]
    assert report["findings"][0]["exchanges"][0]["request"]["method"] == "GET"
    (suite,) = ElementTree.parse(junit).getroot()  # noqa: S314 (our own)
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("20", "1", "6")
    failed = [case.get("name") for case in suite if case.find("failure") is not None]
    assert failed == ["4. allowed origins"]


def test_advice_counts_if_it_is_to(capsys):
    target = ["--wsgi", f"{HERE}:wsgi_advised", *ALL_OPTIONS]
    assert main(target) == 0
    assert "Advice, which no browser and no cache shows:\n\n3. silence" in capsys.readouterr().out
    assert main([*target, "--strict"]) == 1


def test_what_cannot_be_judged_has_status_3(tmp_path, capsys):
    junit = tmp_path / "report.xml"
    assert main(["--wsgi", f"{HERE}:wsgi_login", *OPTIONS, f"--junit={junit}"]) == 3
    said = "inconclusive: the server asks for a login (401); --header sends one\n"
    assert capsys.readouterr().out == said
    (suite,) = ElementTree.parse(junit).getroot()  # noqa: S314 (our own)
    assert (suite.get("failures"), suite.get("errors")) == ("0", "12")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--wsgi=nowhere:app"], "cannot import 'nowhere:app': ModuleNotFoundError: No module"),
        ([f"--wsgi={HERE}:nothing"], "AttributeError: module"),
        ([f"--wsgi={HERE}"], "is not of the form module:application or module:factory()"),
        ([f"--wsgi={HERE}:not_callable"], "is not an application: it cannot be called"),
        ([f"--wsgi={HERE}:wsgi_raising"], "an ordinary GET /api fails: ValueError: two lines"),
        ([f"--wsgi={HERE}:wsgi_broken"], "an ordinary GET /api is answered with status 500"),
        ([f"--wsgi={HERE}:wsgi", "--path=api"], "'api' is not the path of a URL: it begins with /"),
        ([f"--wsgi={HERE}:wsgi", "--allow-origin=a"], "'a' is not an origin such as"),
        ([f"--wsgi={HERE}:wsgi", "--examples=-1"], "--examples, --rate and --timeout must be posi"),
        ([f"--wsgi={HERE}:wsgi", "--timeout=nan"], "--examples, --rate and --timeout must be posi"),
        ([f"--wsgi={HERE}:wsgi", "--rate=0"], "--examples, --rate and --timeout must be positive"),
        ([f"--wsgi={HERE}:wsgi", "--only=x"], "'x' is no invariant; there are 1 one origin, 2 cr"),
        ([f"--wsgi={HERE}:wsgi", "--header=x"], "'x' is not a header such as"),
        ([f"--wsgi={HERE}:wsgi", "--baseline=/none"], "No such file or directory"),
        (["--url=https://127.0.0.1:1", "--cacert=/none"], "No such file or directory"),
        ([f"--wsgi={HERE}:wsgi", "--timeout=inf"], "--timeout 86400 at most"),
        ([f"--wsgi={HERE}:wsgi", "--junit=/"], "Is a directory"),
        (["--url=nowhere"], "'nowhere' is not a URL such as"),
        (["--url=localhost:8000"], "'localhost:8000' is not a URL such as"),
        (["--url=http://127.0.0.1:1"], "no answer from http://127.0.0.1:1: ConnectionRefusedError"),
    ],
)
def test_bad_input_has_status_2_and_one_line(arguments, said, capsys):
    assert main([*OPTIONS, *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    assert line.startswith("corecors.conformance: ")
    assert said in line


def test_a_server_that_accepts_and_says_nothing_is_left_behind(capsys):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert main([*OPTIONS, f"--url={url}", "--timeout=0.05"]) == 2
    assert capsys.readouterr().err == "corecors.conformance: no answer within 0.05 s\n"


def only_found(capsys):
    (report,) = json.loads(capsys.readouterr().out)["reports"]
    return sorted({finding["number"] for finding in report["findings"]}), report


@pytest.mark.parametrize(
    ("options", "checked"),
    [
        (["--only=4,5"], [4, 5]),
        (["--only=refused origins", "--only=13"], [5, 13]),
        (["--only=4,5,6", "--ignore=5"], [4, 6]),
        (["--ignore=caches, 20"], [n for n in range(1, 20) if n != 13]),
    ],
)
def test_some_invariants_can_be_chosen(options, checked, capsys):
    main(["--wsgi", f"{HERE}:wsgi", *ALL_OPTIONS, "--json", *options])
    assert only_found(capsys)[1]["checked"] == checked


def test_what_is_known_from_an_earlier_report_does_not_fail(tmp_path, capsys):
    target = ["--wsgi", f"{HERE}:wsgi_closed", *OPTIONS, "--json"]
    assert main([*target, "--ignore=3,5,6,12,13,19,20"]) == 1
    known = tmp_path / "known.json"
    known.write_text(capsys.readouterr().out)
    assert main([*target, "--ignore=3,5,6,12,13,19,20", f"--baseline={known}"]) == 0


def test_other_answers_are_asked_for(capsys):
    wanted = ["--send=PUT, HEAD", "--error-path=/missing", "--json", "--seed=3"]
    assert main(["--wsgi", f"{HERE}:wsgi", *ALL_OPTIONS, *wanted]) == 0
    coverage = only_found(capsys)[1]["coverage"]
    assert coverage["methods_sent"] == ["GET", "OPTIONS", "PUT", "HEAD"]


def test_several_paths_stand_in_a_file(tmp_path, capsys):
    file = tmp_path / "cors.toml"
    origins = list(POLICY["origins"])
    file.write_text(f"origins = {origins}\n[[path]]\npath = '/api'\n[[path]]\npath = '/b'\n")
    target = ["--wsgi", f"{HERE}:wsgi", "--only=4", f"--expect={file}"]
    assert main(target) == 0
    assert capsys.readouterr().out.startswith("/api\n\n")
    assert main([*target, "--path=/c"]) == 2
    said = "corecors.conformance: --path stands in the file of --expect\n"
    assert capsys.readouterr().err == said


CERTIFICATE = Path(__file__).with_name("localhost.pem")  # and its key, made for these tests


@contextmanager
def serving(*, secure=False):
    """Serve what the command asks for, and remember it."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, dict(self.headers.items())))
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        do_OPTIONS = do_GET  # noqa: N815 (as http.server calls it)

        def log_message(self, *arguments):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        if secure:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http{'s' * secure}://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("end", "options", "paths"),
    [
        ("", [], {"/"}),
        ("/", [], {"/"}),
        ("/api", [], {"/api"}),
        ("/api/", ["--path=/x", "--error-path=/y"], {"/api/x", "/y"}),
        ("", ["--path=/x"], {"/x"}),
    ],
)
def test_a_url_may_have_a_path(end, options, paths, capsys):
    with serving() as (url, asked):
        assert main([f"--url={url}{end}", "--allow-origin=*", "--only=4", *options]) == 0
    assert {path for path, _ in asked} == paths
    assert {headers["User-Agent"] for _, headers in asked} == {
        f"corecors-conformance/{reports.version()}"
    }


def test_paths_of_a_file_are_beneath_the_url(tmp_path):
    file = tmp_path / "cors.toml"
    file.write_text("origins = '*'\n[[path]]\npath = '/b'\nerror_paths = '/c'\n")
    with serving() as (url, asked):
        assert main([f"--url={url}/a/", f"--expect={file}", "--only=4"]) == 0
    assert {path for path, _ in asked} == {"/a/b", "/a/c"}


@pytest.mark.parametrize(
    ("options", "status"), [([], 2), ([f"--cacert={CERTIFICATE}"], 0), (["--insecure"], 0)]
)
def test_a_certificate_is_trusted_as_told(options, status, capsys):
    with serving(secure=True) as (url, _):
        assert main([f"--url={url}", "--allow-origin=*", "--only=4", *options]) == status
    assert ("CERTIFICATE_VERIFY_FAILED" in capsys.readouterr().err) is (status == 2)


def test_headers_are_sent_and_their_values_are_not_told(capsys):
    login = ["--header=Authorization: secret", "--header=user-agent: me", "--rate=100000"]
    with serving() as (url, asked):
        assert main([f"--url={url}", "--allow-origin=null", "--only=5", *login]) == 1
    sent = {(headers["Authorization"], headers["user-agent"]) for _, headers in asked}
    assert sent == {("secret", "me")}
    out = capsys.readouterr().out
    assert f"curl -si {url}/ -H 'Origin: https://unrelated.invalid' -H 'Authorization: …'" in out
    assert "secret" not in out


def test_what_the_application_logs_and_prints_is_not_in_the_report(capsys):
    """Its traceback least of all; --show-output lets it through."""
    target = ["--wsgi", f"{HERE}:wsgi_loud", "--allow-origin=*", "--only=4"]
    assert main(target) == 0
    captured = capsys.readouterr()
    assert ("loud" in captured.out, captured.err) == (False, "")
    assert main([*target, "--show-output"]) == 0
    captured = capsys.readouterr()
    assert ("loud out" in captured.out, "loud err" in captured.err) == (True, True)
    assert logging.root.manager.disable == 0


def test_the_version_is_told(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"corecors.conformance {reports.version()}\n"


@pytest.mark.parametrize("arguments", [["--url=http://a"], OPTIONS, [*OPTIONS, "--max-age=x"]])
def test_what_is_missing_or_no_number_is_told_with_the_usage(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "corecors.conformance: error: " in capsys.readouterr().err.splitlines()[-1]


def test_modules_of_the_present_directory_can_be_imported(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    (tmp_path / "app_of_this_folder.py").write_text("raise SystemExit('not here')")
    assert main([*OPTIONS, "--wsgi=app_of_this_folder:app"]) == 2
    assert "SystemExit: not here" in capsys.readouterr().err


def test_ctrl_c_ends_it_without_a_traceback(monkeypatch, capsys):
    def interrupt(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("corecors.conformance.cli.run", interrupt)
    assert main([*OPTIONS, f"--wsgi={HERE}:wsgi"]) == 130
    assert capsys.readouterr().err == "corecors.conformance: interrupted\n"


def test_python_m_runs_it(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["conformance", "--help"])
    with pytest.raises(SystemExit) as caught:
        runpy.run_module("corecors.conformance", run_name="__main__")
    assert caught.value.code == 0
    assert "--allow-origin" in capsys.readouterr().out


HANGING_THREAD = "import threading, time; threading.Thread(target=time.sleep, args=[10**6]).start()"
HANGING_CALL = """
import asyncio, time
async def app(scope, receive, send):
    await asyncio.to_thread(time.sleep, 10**6)
"""
LATE_IMPORT = "cannot import 'hangs:app': it takes longer than 0.1 s"


@pytest.mark.parametrize(
    ("target", "seconds", "module", "said"),
    [
        ("--wsgi", 0.1, "while True: pass", LATE_IMPORT),
        ("--asgi", 0.1, f"{HANGING_THREAD}; time.sleep(10**6)", LATE_IMPORT),
        ("--asgi", 1, HANGING_CALL, "no answer within 1 s"),
    ],
    ids=["import", "import and thread", "call in an executor"],
)
def test_a_process_ends_whatever_hangs_in_it(target, seconds, module, said, tmp_path):
    (tmp_path / "hangs.py").write_text(module)
    command = [sys.executable, "-m", "corecors.conformance", *OPTIONS, f"--timeout={seconds}"]
    command += [target, "hangs:app"]
    done = subprocess.run(  # noqa: S603
        command, check=False, cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"corecors.conformance: {said}")


@pytest.mark.parametrize(
    ("problem", "said"), [("too late", "corecors.conformance: too late\n"), ("", "")]
)
def test_the_end_of_the_time_is_the_end_of_the_process(problem, said, monkeypatch, capsys):
    statuses = []
    monkeypatch.setattr("os._exit", statuses.append)
    cli.end_after(0, 2, problem).join()
    assert statuses == [2]
    assert capsys.readouterr().err == said


def test_the_process_ends_after_what_python_m_reports(monkeypatch):
    ends = []
    monkeypatch.setattr(cli, "end_after", lambda *arguments: ends.append(arguments))
    monkeypatch.setattr(sys, "argv", ["conformance", "--url=nowhere", "--allow-origin=*"])
    with pytest.raises(SystemExit) as caught:
        runpy.run_module("corecors.conformance", run_name="__main__")
    assert caught.value.code == 2
    assert ends == [(cli.GRACE, 2)]
