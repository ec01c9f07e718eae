"""The watch over pages sees what it is there for."""


def test_what_is_asked_for_elsewhere_is_seen_and_does_not_leave(serve, watch):
    page = watch.new_page()
    text = '<link rel="icon" href="data:,"><img src="/here.png"><img src="http://unionkb.example/there.png">'
    page.goto(serve({"/": f"{text}<script src='https://unionkb.example/a.js'></script>"}))
    assert sorted(watch.foreign) == ["http://unionkb.example/there.png", "https://unionkb.example/a.js"]
    watch.foreign.clear()


def test_what_a_script_raises_is_seen(serve, watch):
    page = watch.new_page()
    page.goto(serve({"/": "<link rel='icon' href='data:,'><script>throw new Error('no')</script>"}))
    assert watch.errors == ["no"]
    watch.errors.clear()


def test_broken_rules_about_scripts_are_seen(serve, watch):
    page = watch.new_page()
    text = "<link rel='icon' href='data:,'><script>document.title = 'ran'</script>"
    page.goto(serve({"/": text}, {"Content-Security-Policy": "script-src 'self'"}))
    assert page.title() == ""
    assert len(watch.errors) == 1
    watch.errors.clear()
