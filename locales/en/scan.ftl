scan-picture = Camera picture, watched for a code
scan-blocked = There is no camera, or it may not be used. Type the number instead.
