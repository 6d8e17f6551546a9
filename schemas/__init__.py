"""What a dataset description is: the canonical form, its crosswalks, its validation and its code lists."""
