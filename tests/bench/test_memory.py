"""What the memory bench calls too large."""
import unittest

import tap
from memory import too_large


def rounds(**seen):
    return [dict(zip(seen, figures)) for figures in zip(*seen.values())]


class TooLarge(unittest.TestCase):
    def test_small_and_flat_is_not(self):
        self.assertEqual(too_large(rounds(inventory=[30.0, 40.0, 34.0])), [])
        self.assertEqual(too_large(rounds(inventory=[40.0])), [])

    def test_beyond_the_limit_is_even_if_it_goes_back(self):
        self.assertEqual(too_large(rounds(inventory=[30.0, 40.1, 30.0])), ["inventory"])
        self.assertEqual(too_large(rounds(inventory=[40.1])), ["inventory"])

    def test_what_grows_is(self):
        self.assertEqual(too_large(rounds(gateway=[9.0, 9.2, 9.4, 9.6], placement=[16.0, 17.5, 20.5, 22.0])), ["placement"])

    def test_a_burst_is_no_growth(self):
        self.assertEqual(too_large(rounds(inventory=[26.7, 26.9, 27.1, 36.8])), [])


if __name__ == "__main__":
    tap.run(__name__)
