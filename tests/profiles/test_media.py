import pytest

from carehub.services.profiles.media import (
    AddressWrong,
    NetworkWrong,
    VideoUnknown,
    check_link,
    check_video,
    player_of,
    video_of,
)


@pytest.mark.parametrize(
    ("typed", "kept", "frame"),
    [
        ("https://www.youtube.com/watch?app=x&v=dQw4w9WgXcQ&t=4", "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "youtube"),
        ("youtube.com/shorts/dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ", "youtube"),
        ("https://vimeo.com/76979871#t=3", "https://vimeo.com/76979871", "vimeo"),
        ("https://player.vimeo.com/video/76979871", "https://vimeo.com/76979871", "vimeo"),
        ("https://dai.ly/x8abcde", "https://www.dailymotion.com/video/x8abcde", "dailymotion"),
    ],
)  # fmt: skip
def test_a_video_of_a_known_host_is_kept_by_its_page(typed: str, kept: str, frame: str) -> None:
    assert check_video(typed) == kept
    shown = video_of(kept)
    assert shown is not None
    assert shown.frame.startswith(f"/video/{frame}/")


@pytest.mark.parametrize(
    "typed",
    [
        "https://evil.example/?https://youtu.be/dQw4w9WgXcQ",
        "https://youtu.be.evil.example/dQw4w9WgXcQ",
        "javascript:alert(1)//youtu.be/dQw4w9WgXcQ",
        "https://youtu.be/short",
        "https://vimeo.com/1' onload='x",
        "https://youtube.com/watch?v=dQw4w9WgXcQ" + "x" * 300,
    ],
)
def test_any_other_address_is_no_video(typed: str) -> None:
    with pytest.raises(VideoUnknown):
        check_video(typed)


def test_a_frame_is_made_for_what_can_be_a_video_only() -> None:
    assert player_of("youtube", "dQw4w9WgXcQ") == (
        "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1&rel=0",
        "https://www.youtube-nocookie.com",
    )
    assert player_of("youtube", "../../evil") is None
    assert player_of("evil", "dQw4w9WgXcQ") is None


@pytest.mark.parametrize(
    "url", ["ftp://example.com", "https://user@example.com", "https://127.0.0.1/", "https://example.com:8080", "a b.fr", '"x".fr']
)  # fmt: skip
def test_a_website_is_a_plain_address(url: str) -> None:
    with pytest.raises(AddressWrong):
        check_link("website", url)


def test_a_network_is_its_own_domain() -> None:
    assert check_link("instagram", "instagram.com/ines") == "https://instagram.com/ines"
    assert check_link("x", "https://twitter.com/ines") == "https://twitter.com/ines"
    with pytest.raises(NetworkWrong) as refused:
        check_link("instagram", "https://notinstagram.com/ines")
    assert refused.value.fields.keys() == {"links.instagram"}
