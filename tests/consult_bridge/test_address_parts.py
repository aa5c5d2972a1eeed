"""The places an address is made of are identifiers of their own."""

import pytest

from consult_bridge.services.teaching import address_parts


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("清江省澄川市青溪县白石镇石桥村 6 组", {"清江省", "澄川市", "青溪县", "白石镇", "石桥村"}),
        ("锦屏县织锦镇梨树湾村 11 号", {"锦屏县", "织锦镇", "梨树湾村"}),
        ("沛县大屯镇", {"沛县", "大屯镇", "沛县大屯"}),
        ("歙县许村镇许村", {"歙县", "许村镇", "许村", "歙县许村", "镇许村"}),
        ("", set()),
        ("12 Main Road", set()),
    ],
)
def test_address_is_split_into_its_places(address, parts):
    assert address_parts(address) == parts
